import * as z from 'zod';
import { type OdinContext, OdinServer, type OdinServerOptions } from '../../src/index.ts';

/** A promise that a test settles. */
export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  let open = (): void => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

export interface LegacyServer {
  readonly odin: OdinServer;
  /** The call `gated` waits for it. */
  readonly gate: Gate;
  /** What happened inside, in order. */
  readonly seen: string[];
  readonly logged: string[];
}

export const SECRET = 'a secret of at least thirty-two characters';

/** A server whose calls last as long as a test wants them to. */
export function createLegacyServer(options: Partial<OdinServerOptions> = {}): LegacyServer {
  const gate = createGate();
  const seen: string[] = [];
  const logged: string[] = [];
  const write = (_fields: object, message: string): void => void logged.push(message);
  const odin = new OdinServer({
    name: 'old friends',
    version: '1',
    secrets: [SECRET],
    logger: { error: write, warn: write },
    ...options,
  });
  odin.tool({ name: 'quick' }, () => 'quick');
  odin.tool({ name: 'gated' }, async (context) => {
    seen.push('gated began');
    context.signal.addEventListener('abort', () => seen.push(`aborted: ${(context.signal.reason as Error).message}`));
    await context.log.info('begun');
    await Promise.race([gate.passed, aborted(context)]);
    seen.push('gated ended');
    return 'through the gate';
  });
  odin.tool({ name: 'count', input: z.object({ to: z.number() }) }, async ({ to }, context) => {
    for (let step = 1; step <= to; step += 1) await context.log.info(step);
    return `counted to ${to}`;
  });
  odin.tool({ name: 'poll' }, async (context) => {
    context.closeStream();
    await gate.passed;
    await context.log.info('after the break');
    return 'polled';
  });
  odin.tool({ name: 'name' }, async (context) => {
    const answer = await context.elicit('name', { message: 'Who?', schema: z.object({ name: z.string() }) });
    return answer.action === 'accept' ? `Hello ${answer.content.name}` : answer.action;
  });
  odin.tool({ name: 'whisper' }, async (context) => {
    await context.log.debug('quiet');
    await context.log.warning('loud');
    return 'said';
  });
  odin.resource('note://{id}', { name: 'note' }, ({ id }) => `note ${id}`);
  return { odin, gate, seen, logged };
}

function aborted({ signal }: OdinContext): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
