import { describe, expect, test } from 'vitest';
import { type Cluster, createMemoryCluster, OdinServer } from '../../src/index.ts';
import { EventReader, LegacyClient } from './client.ts';
import { createLegacyServer, type LegacyServer } from './server.ts';

interface Pair {
  readonly a: LegacyServer;
  readonly b: LegacyServer;
  close(): Promise<void>;
}

/** Two servers that share nothing but their secret and a cluster. */
function createPair(): Pair {
  const cluster = createMemoryCluster();
  const [a, b] = [createLegacyServer({ cluster }), createLegacyServer({ cluster })];
  return {
    a,
    b,
    close: async () => {
      await Promise.all([a.odin.close({ deadlineMs: 100 }), b.odin.close({ deadlineMs: 100 })]);
    },
  };
}

/** As one sees it whose process dies: no end of a call gets into its log any more. */
function withoutEnds({ bus, state }: Cluster): Cluster {
  const append: Cluster['bus']['append'] = (log, data, limits) =>
    data.startsWith('f') ? Promise.reject(new Error('killed')) : bus.append(log, data, limits);
  return {
    state,
    bus: {
      append,
      publish: (topic, text) => bus.publish(topic, text),
      subscribe: (topic, listener) => bus.subscribe(topic, listener),
      read: (log, after, limit) => bus.read(log, after, limit),
      tail: (log, after, listener) => bus.tail(log, after, listener),
    },
  };
}

describe('two replicas', () => {
  test('a session begun on one is good on the other, with what was set on either', async () => {
    const { a, b, close } = createPair();
    const client = await new LegacyClient().connect(a.odin);
    expect((await client.request(b.odin, 'ping')).status).toBe(200);
    await client.ask(a.odin, 'logging/setLevel', { level: 'debug' });
    const events = await new EventReader(await client.request(b.odin, 'tools/call', { name: 'whisper' })).rest();
    expect(events.flatMap(({ message }) => message?.params?.level ?? [])).toEqual(['debug', 'warning']);
    expect((await client.delete(b.odin)).status).toBe(204);
    expect((await client.request(a.odin, 'ping')).status).toBe(404);
    await close();
  });

  test('the response to a question finds the replica that asked', async () => {
    const { a, b, close } = createPair();
    const client = await new LegacyClient({ capabilities: { elicitation: {} } }).connect(a.odin);
    for (const [asks, answers] of [
      [a, b],
      [b, a],
    ] as const) {
      const call = new EventReader(await client.request(asks.odin, 'tools/call', { name: 'name' }));
      const question = await call.message();
      const answer = { id: question?.id, result: { action: 'accept', content: { name: 'Ada' } } };
      expect((await client.post(answers.odin, answer)).status).toBe(202);
      expect((await call.message())?.result).toMatchObject({ content: [{ text: 'Hello Ada' }] });
    }
    await close();
  });

  test('a cancellation reaches the replica that runs the call', async () => {
    const { a, b, close } = createPair();
    const client = await new LegacyClient().connect(a.odin);
    const call = new EventReader(await client.request(a.odin, 'tools/call', { name: 'gated' }, 3));
    await call.message();
    await client.post(b.odin, { method: 'notifications/cancelled', params: { requestId: 3 } });
    await call.rest();
    expect(a.seen).toContain('aborted: The client cancelled the request');
    await close();
  });

  test('a call is resumed on the other replica, while it runs and after', async () => {
    const { a, b, close } = createPair();
    const client = await new LegacyClient().connect(a.odin);
    const call = new EventReader(await client.request(a.odin, 'tools/call', { name: 'gated' }, 3));
    const primed = await call.next();
    await call.next();
    const again = new EventReader(await client.resume(b.odin, primed?.id ?? ''));
    expect(await call.rest()).toEqual([]);
    a.gate.open();
    const rest = await again.rest();
    expect(rest.flatMap(({ message }) => message?.method ?? message?.id ?? [])).toEqual(['notifications/message', 3]);
    const after = await new EventReader(await client.resume(b.odin, primed?.id ?? '')).rest();
    expect(after.map(({ id }) => id)).toEqual(rest.map(({ id }) => id));
    await close();
  });

  test('a call whose replica is gone ends with an error that can be retried', async () => {
    const cluster = createMemoryCluster();
    const b = createLegacyServer({ cluster });
    const a = createLegacyServer({ cluster: withoutEnds(cluster) });
    const client = await new LegacyClient().connect(a.odin);
    const call = new EventReader(await client.request(a.odin, 'tools/call', { name: 'gated' }, 3));
    const primed = await call.next();
    await call.next();
    await a.odin.close({ deadlineMs: 1 });
    const again = await new EventReader(await client.resume(b.odin, primed?.id ?? '')).rest();
    expect(again.at(-1)?.message).toMatchObject({
      id: 3,
      error: { code: -32603, message: expect.stringContaining('is gone') },
    });
    await b.odin.close({ deadlineMs: 100 });
  });

  test('a change told on one reaches the stream on the other, and a stream moves', async () => {
    const { a, b, close } = createPair();
    const client = await new LegacyClient().connect(a.odin);
    const onA = await client.listen(a.odin);
    await client.ask(b.odin, 'resources/subscribe', { uri: 'note://1' });
    await expect
      .poll(async () => {
        await b.odin.notify.resourceUpdated('note://1');
        return (await onA.reader.message())?.params?.uri;
      })
      .toBe('note://1');
    const onB = await client.listen(b.odin);
    await onA.reader.rest();
    await a.odin.notify.toolsChanged();
    expect((await onB.reader.message())?.method).toBe('notifications/tools/list_changed');
    await close();
  });

  test('a stream that is taken up elsewhere loses nothing: everything may have changed', async () => {
    const { a, b, close } = createPair();
    const client = await new LegacyClient().connect(a.odin);
    const { reader, primed } = await client.listen(a.odin);
    await reader.leave();
    await a.odin.close();
    await b.odin.notify.toolsChanged();
    const again = new EventReader(await client.resume(b.odin, primed));
    expect((await again.message())?.method).toBe('notifications/tools/list_changed');
    await close();
  });

  test('without the same secret a session is unknown', async () => {
    const cluster = createMemoryCluster();
    const { odin } = createLegacyServer({ cluster });
    const other = new OdinServer({ name: 'old friends', version: '1', cluster });
    const client = await new LegacyClient().connect(odin);
    expect((await client.request(other, 'ping')).status).toBe(404);
  });
});
