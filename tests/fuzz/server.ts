import { OdinServer } from '@asgard/odin';
import { timeout } from '@asgard/odin/middleware';
import * as z from 'zod';
import { offerOf } from '../differential/odin.ts';
import { createExtensions } from './extensions.ts';

/** Must never reach a client. */
export const SECRET = 'hunter2-the-database-password';

/** How long a handler that never settles is waited for. Milliseconds. */
export const TIMEOUT_MS = 20;

const bomb = (): never => {
  throw new Error(SECRET);
};
const circular: Record<string, unknown> = { secret: SECRET };
circular.self = circular;
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const trapped = new Proxy({}, { get: bomb, has: bomb, getPrototypeOf: bomb, ownKeys: bomb });

/** Looks like a promise to `await`. */
function thenable(then: (resolve: (value: unknown) => void) => void): object {
  return Object.defineProperty({}, 'then', { value: then, enumerable: true });
}

/** What handlers throw, by the name of the tool that does. */
const THROWN: Readonly<Record<string, unknown>> = {
  string: SECRET,
  empty: '',
  null: null,
  undefined: undefined,
  number: Number.NaN,
  bigint: 1n,
  symbol: Symbol(SECRET),
  function: bomb,
  frozen: Object.freeze({ message: SECRET }),
  bare: Object.create(null),
  circular,
  revoked: revoked.proxy,
  trapped,
  error: new Error(SECRET, { cause: circular }),
  aggregate: new AggregateError([new Error(SECRET)], SECRET),
  deep: new Error(SECRET, { cause: new Error(SECRET, { cause: SECRET }) }),
  getter: Object.defineProperties(Object.create(Error.prototype), { message: { get: bomb }, stack: { get: bomb } }),
  thenable: thenable(bomb),
  json: { toJSON: bomb, toString: bomb },
};

/** What handlers return that is no result. */
const RETURNED: Readonly<Record<string, unknown>> = {
  circular,
  bigint: { value: 1n },
  symbol: Symbol('x'),
  function: () => 1,
  revoked: revoked.proxy,
  trapped,
  json: { toJSON: bomb },
  content: { content: [circular] },
  halfContent: { content: 'text' },
  surrogate: '\ud800',
  huge: 'x'.repeat(300_000),
  thenable: thenable((resolve) => resolve('settled')),
};

export const HOSTILE_TOOLS: readonly string[] = [
  ...Object.keys(THROWN).flatMap((name) => [`throws-${name}`, `rejects-${name}`]),
  ...Object.keys(RETURNED).map((name) => `returns-${name}`),
  'never',
  'late',
  'chatty',
  'careless',
];

/** A server whose tools do what tools should not, beside ordinary ones. Its log is kept out of sight. */
export async function createTarget(): Promise<OdinServer> {
  const odin = new OdinServer({ name: 'target', version: '1', logger: { error: () => {}, warn: () => {} } });
  odin.use(timeout({ ms: TIMEOUT_MS }));
  offerOf(odin);
  odin.register(...(await createExtensions(bomb)));
  for (const [name, thrown] of Object.entries(THROWN)) {
    odin.tool({ name: `throws-${name}`, input: z.looseObject({}) }, () => {
      throw thrown;
    });
    odin.tool({ name: `rejects-${name}`, input: z.looseObject({}) }, () => Promise.reject(thrown));
  }
  for (const [name, value] of Object.entries(RETURNED)) {
    odin.tool({ name: `returns-${name}`, input: z.looseObject({}) }, () => value);
  }
  odin.tool({ name: 'never' }, () => new Promise(() => {}));
  odin.tool({ name: 'late' }, async () => {
    await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS + 5));
    throw new Error(SECRET);
  });
  odin.tool({ name: 'chatty' }, async (context) => {
    for (let step = 0; step < 50; step += 1) await context.progress(step, 50, '\ud800\n\n: ');
    return 'done';
  });
  odin.tool({ name: 'careless' }, (context) => {
    void context.log.error(circular);
    void context.progress(1n as unknown as number);
    void context.notify.resourceUpdated('\ud800');
    return 'said';
  });
  return odin;
}
