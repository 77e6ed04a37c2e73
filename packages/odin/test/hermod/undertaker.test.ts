import { afterEach, expect, test } from 'vitest';
import { MemoryMessageBus } from '../../src/cluster/memory-message-bus.ts';
import { MemoryStateStore } from '../../src/cluster/memory-state-store.ts';
import type { StateStore } from '../../src/cluster/state-store.ts';
import { Acquaintances, type AcquaintancesOptions } from '../../src/hermod/acquaintances.ts';
import { Undertaker } from '../../src/hermod/undertaker.ts';
import { Whereabouts } from '../../src/hermod/whereabouts.ts';
import { createTestClock } from '../../src/testing.ts';

const LEASE_MS = 3_000;
const STEP_MS = 100;
const URL_OF_OTHER = 'http://10.0.0.7:8080';
const block = { head: '{"id":', tail: '}' };
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => void (await Promise.all(opened.splice(0).map((one) => one.close()))));

type Fetch = NonNullable<AcquaintancesOptions['fetch']>;
const refuse: Fetch = () => Promise.reject(new TypeError('fetch failed'));

function createPlace() {
  const { now, after, advance } = createTestClock();
  const store = new MemoryStateStore({ now });
  const bus = new MemoryMessageBus();
  /** Moves the clock in small steps, each with time for what it set off. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      advance(STEP_MS);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const buried: string[] = [];
  const logged: string[] = [];
  const logger = { error: () => {}, warn: (_fields: object, message: string) => void logged.push(message) };
  let isUp = true;
  let isHeld = true;
  const leave = (): void => {
    isHeld = false;
  };
  const reach: Fetch = (url, init) => (isUp ? Promise.resolve(new Response('{}')) : refuse(url, init));
  const placeOf = (owner: string, advertise: string, state: StateStore = store) =>
    new Whereabouts({ state, owner, advertise, maxHoldMs: 60_000, logger, leaseMs: LEASE_MS, now, after });
  const watch = (owner: string, { fetch = reach, bury }: { fetch?: Fetch; bury?: () => Promise<void> } = {}) => {
    const advertise = 'http://10.0.0.8:8080';
    const undertaker = new Undertaker({
      whereabouts: placeOf(owner, advertise),
      acquaintances: new Acquaintances({ bus, owner, advertise, logger, fetch, after }),
      logger,
      block,
      after,
      watchMs: 3_600_000,
      holds: {
        others: () => (isHeld ? ['other.1'] : []),
        bury: bury ?? (async (gone) => void buried.push(`${owner} ${gone}`)),
      },
    });
    opened.push(undertaker);
    return undertaker;
  };
  /** A replica that keeps its lease until it is told to die. */
  const live = async (): Promise<{ die(): Promise<void> }> => {
    const state = { ...methodsOf(store) };
    await placeOf('other.1', URL_OF_OTHER, state).enter();
    return {
      die: async () => {
        isUp = false;
        Object.assign(state, { touch: never, set: never });
        await pass(LEASE_MS * 1.5);
      },
    };
  };
  return { store, buried, logged, pass, reach, watch, live, leave };
}

const never = (): Promise<never> => new Promise(() => {});

function methodsOf(state: MemoryStateStore) {
  const { get, set, touch } = state;
  return { get: get.bind(state), set: set.bind(state), touch: touch.bind(state), delete: state.delete.bind(state) };
}

test('ends the calls of a replica whose lease lapsed and who takes no connections, once for all who look', async () => {
  const { buried, reach, watch, live } = createPlace();
  const asked: string[] = [];
  const fetch: Fetch = (url, init) => {
    if (url.startsWith(URL_OF_OTHER)) asked.push(url);
    return reach(url, init);
  };
  const undertakers = [watch('a.1', { fetch }), watch('b.1', { fetch })];
  const other = await live();
  await Promise.all(undertakers.map((one) => one.look()));
  expect(buried).toEqual([]);
  await other.die();
  for (let look = 0; look < 3; look += 1) await Promise.all(undertakers.map((one) => one.look()));
  expect(new Set(buried).size).toBe(1);
  expect(buried[0]).toMatch(/^[ab]\.1 other\.1$/);
  expect(asked.length).toBeGreaterThan(2);
  expect(new Set(asked)).toEqual(new Set([`${URL_OF_OTHER}/.odin/live`]));
});

test('says the end again as long as a proxy has streams of it: one may have been out of reach', async () => {
  const { buried, watch, live, leave } = createPlace();
  const undertaker = watch('a.1');
  const other = await live();
  await undertaker.look();
  await other.die();
  for (let look = 0; look < 3; look += 1) await undertaker.look();
  expect(buried).toEqual(Array.from({ length: 3 }, () => 'a.1 other.1'));
  leave();
  await undertaker.look();
  expect(buried).toHaveLength(3);
});

test('leaves a replica alone that was never seen alive', async () => {
  const { buried, pass, watch } = createPlace();
  const undertaker = watch('a.1');
  await undertaker.look();
  await pass(LEASE_MS);
  await undertaker.look();
  expect(buried).toEqual([]);
});

test('leaves a replica alone that could not be reached when it was alive, and says so once', async () => {
  const { buried, logged, pass, watch, live } = createPlace();
  const undertaker = watch('a.1', { fetch: refuse });
  const other = await live();
  await undertaker.look();
  await undertaker.look();
  await pass(20_000);
  await other.die();
  await undertaker.look();
  expect(buried).toEqual([]);
  expect(logged).toEqual([expect.stringMatching(/cannot be reached at its own address/)]);
});

test('one that takes long to answer does not hold up the others', async () => {
  const { watch, live } = createPlace();
  const undertaker = watch('a.1', { fetch: never });
  await live();
  void undertaker.look();
  await expect(Promise.race([undertaker.look(), never()])).resolves.toBeUndefined();
});

test.each<[string, Fetch]>([
  ['answers', async () => new Response('{}')],
  ['answers that it is not well', async () => new Response('', { status: 503 })],
])('leaves a replica alone whose lease lapsed, but who %s', async (_how, fetch) => {
  const { buried, watch, live } = createPlace();
  const undertaker = watch('a.1', { fetch });
  const other = await live();
  await undertaker.look();
  await other.die();
  await undertaker.look();
  expect(buried).toEqual([]);
});

test('says nothing while the store cannot be reached, and tries again when publishing failed', async () => {
  const { store, buried, watch, live } = createPlace();
  let attempts = 0;
  const undertaker = watch('a.1', {
    bury: async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('no proxy');
      buried.push('at last');
    },
  });
  const other = await live();
  await undertaker.look();
  await other.die();
  const { get } = store;
  store.get = () => Promise.reject(new Error('out of reach'));
  await undertaker.look();
  expect(attempts).toBe(0);
  store.get = get;
  await undertaker.look();
  expect([attempts, buried]).toEqual([1, []]);
  await undertaker.look();
  expect(buried).toEqual(['at last']);
});
