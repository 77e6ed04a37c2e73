import { describe, expect, it } from 'vitest';
import type { HeldSubscription } from '../../src/http/holder.ts';
import type { HttpResponder } from '../../src/http/message.ts';
import { Reply, type ReplyOptions } from '../../src/http/reply.ts';
import { handlerError } from '../../src/protocol/answer.ts';
import { Cancellation } from '../../src/protocol/cancellation.ts';

interface Sent {
  readonly status: number;
  readonly body: string;
}

/** A client that reads nothing of a stream. */
function createStuckResponder(): { responder: HttpResponder; sent: Sent[]; written: string[] } {
  const sent: Sent[] = [];
  const written: string[] = [];
  const responder: HttpResponder = {
    send: (status, _headers, body = '') => void sent.push({ status, body }),
    sent: async () => {},
    stream: () => ({
      write: (chunk) => {
        written.push(chunk);
        return new Promise<void>(() => {});
      },
      end: () => {},
    }),
  };
  return { responder, sent, written };
}

function createReply(responder: HttpResponder, options: Partial<ReplyOptions> = {}): Reply {
  return new Reply({
    id: 1,
    era: 'modern',
    responder,
    cancellation: new Cancellation(),
    endsWithClient: true,
    patienceMs: 60_000,
    keepAliveMs: 60_000,
    headersOf: () => ({}),
    failed: (error) => handlerError(-32603, String(error)),
    ...options,
  });
}

/** Node 20 has no `Promise.withResolvers`. */
function createDeferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((resolvePromise) => {
    resolve = resolvePromise;
  });
  return { promise, resolve };
}

const SUBSCRIPTION = { topics: [{ kind: 'tools' }], acknowledgement: '{"jsonrpc":"2.0"}' } as const;
const RESULT = { kind: 'result', result: {} } as const;

describe('Reply', () => {
  it('does not pile up signs of life for a reader that takes none', async () => {
    const { responder, written } = createStuckResponder();
    const reply = createReply(responder, { keepAliveMs: 1 });
    void reply.send('{}');
    await expect.poll(() => written.length).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(written).toEqual(['event: message\ndata: {}\n\n', ': keep-alive\n\n']);
    reply.disconnected();
  });

  it('holds nothing for a caller whose token was revoked while the hold was being made', async () => {
    const { responder, sent } = createStuckResponder();
    const held = createDeferred<HeldSubscription | undefined>();
    const reply = createReply(responder, {
      hold: { open: async () => undefined, subscribe: () => held.promise, release: () => {} },
    });
    const delegated = reply.delegate(SUBSCRIPTION);
    const revoked = reply.revoke();
    held.resolve({ headers: { 'grip-hold': 'stream' } });
    expect(await delegated).toBe(false);
    await revoked;
    await reply.finish(RESULT);
    expect(sent.map(({ body }) => JSON.parse(body))).toMatchObject([
      { id: 1, error: { message: expect.stringContaining('revoked') } },
    ]);
  });

  it('holds nothing for a client that left while the hold was being made', async () => {
    const { responder, sent } = createStuckResponder();
    const held = createDeferred<HeldSubscription | undefined>();
    const reply = createReply(responder, {
      hold: { open: async () => undefined, subscribe: () => held.promise, release: () => {} },
    });
    const delegated = reply.delegate(SUBSCRIPTION);
    reply.disconnected();
    held.resolve({ headers: { 'grip-hold': 'stream' } });
    expect(await delegated).toBe(false);
    expect(sent).toEqual([]);
  });

  it('sends nothing after its response, also while a slow reader takes that', async () => {
    const { responder, written } = createStuckResponder();
    const reply = createReply(responder);
    void reply.send('{}');
    await expect.poll(() => written.length).toBe(1);
    void reply.finish(RESULT);
    await expect.poll(() => written.length).toBe(2);
    await reply.send('{"late":true}');
    expect(written[1]).toContain('"result"');
    expect(written).toHaveLength(2);
    reply.disconnected();
  });

  it('ends with an internal error when its hold cannot be begun, whether or not anybody waits for that', async () => {
    const { responder, sent } = createStuckResponder();
    const held = {
      get headers(): never {
        throw new Error('no header for that');
      },
      onAbort: () => {},
      answered: () => {},
      write: async () => {},
      end: async () => {},
      abort: () => void aborts.push('aborted'),
    };
    const aborts: string[] = [];
    const cancellation = new Cancellation();
    createReply(responder, {
      cancellation,
      patienceMs: 1,
      hold: { open: async () => held, subscribe: async () => undefined, release: () => {} },
    });
    await expect.poll(() => sent.length).toBe(1);
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
      id: 1,
      error: { code: -32603, message: expect.stringContaining('no header') },
    });
    expect([cancellation.cancelled, aborts]).toEqual([true, ['aborted']]);
  });

  it('goes on by itself when nothing can be held', async () => {
    const { responder, sent } = createStuckResponder();
    const reply = createReply(responder, {
      hold: { open: async () => undefined, subscribe: async () => undefined, release: () => {} },
    });
    expect(await reply.delegate(SUBSCRIPTION)).toBe(false);
    await reply.finish(RESULT);
    expect(sent).toEqual([{ status: 200, body: '{"jsonrpc":"2.0","id":1,"result":{}}' }]);
  });
});
