import { describe, expect, test } from 'vitest';
import { EventReader, LegacyClient, type LegacyMessage } from './client.ts';
import { createLegacyServer } from './server.ts';

function textOf(message: LegacyMessage | undefined): unknown {
  return (message?.result?.content as { text: string }[] | undefined)?.[0]?.text;
}

describe('sessions', () => {
  test('initialize gives an id, and promises what a session can do', async () => {
    const { odin } = createLegacyServer();
    const client = await new LegacyClient().connect(odin);
    expect(client.sessionId).toMatch(/^[\x21-\x7e]{100,1024}$/);
    expect(client.agreed?.result).toMatchObject({
      protocolVersion: '2025-11-25',
      capabilities: { logging: {}, tools: { listChanged: true }, resources: { subscribe: true, listChanged: true } },
    });
    const response = await client.request(odin, 'tools/call', { name: 'quick' });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(textOf((await response.json()) as LegacyMessage)).toBe('quick');
    expect(await client.ask(odin, 'ping')).toMatchObject({ result: {} });
    await odin.close();
  });

  test('clients that send no id are served without a session', async () => {
    const { odin } = createLegacyServer();
    const client = await new LegacyClient().connect(odin);
    client.sessionId = undefined;
    expect(textOf(await client.ask(odin, 'tools/call', { name: 'quick' }))).toBe('quick');
    expect(await client.ask(odin, 'logging/setLevel', { level: 'info' })).toMatchObject({ error: { code: -32601 } });
    expect((await client.get(odin)).status).toBe(405);
    expect((await client.delete(odin)).status).toBe(405);
  });

  test('can be turned off', async () => {
    const { odin } = createLegacyServer({ sessions: false });
    const client = await new LegacyClient().connect(odin);
    expect(client.sessionId).toBeUndefined();
    expect(client.agreed?.result?.capabilities).toEqual({ tools: {}, resources: {} });
    client.sessionId = 'anything';
    expect((await client.get(odin)).status).toBe(405);
    expect(textOf(await client.ask(odin, 'tools/call', { name: 'quick' }))).toBe('quick');
  });

  test('what is not a session of this server and caller is 404, never 401', async () => {
    const { odin } = createLegacyServer();
    const other = createLegacyServer({ name: 'another server' }).odin;
    const good = await new LegacyClient().connect(odin);
    const foreign = (await new LegacyClient().connect(other)).sessionId ?? '';
    for (const id of ['', 'x', 'o1.AAAA', foreign, `${good.sessionId}x`, `o1.${'A'.repeat(5_000)}`]) {
      const client = new LegacyClient();
      client.sessionId = id;
      for (const response of [
        await client.request(odin, 'ping'),
        await client.post(odin, { method: 'notifications/initialized' }),
        await client.post(odin, { id: 'x', result: {} }),
        await client.get(odin),
        await client.delete(odin),
      ]) {
        expect(response.status).toBe(404);
        expect(await response.json()).toMatchObject({ error: { code: -32001 } });
      }
    }
  });

  test('a session ends with its time', async () => {
    let time = 1_000_000;
    const { odin } = createLegacyServer({ now: () => time, sessions: { ttlMs: 1_000 } });
    const client = await new LegacyClient().connect(odin);
    time += 999;
    expect((await client.request(odin, 'ping')).status).toBe(200);
    time += 1;
    expect((await client.request(odin, 'ping')).status).toBe(404);
  });

  test('DELETE ends the session, its streams and its calls', async () => {
    const { odin, seen } = createLegacyServer();
    const client = await new LegacyClient().connect(odin);
    const { reader } = await client.listen(odin);
    const call = new EventReader(await client.request(odin, 'tools/call', { name: 'gated' }));
    await call.message();
    expect((await client.delete(odin)).status).toBe(204);
    expect(await reader.rest()).toEqual([]);
    await call.rest();
    await expect.poll(() => seen).toContain('aborted: The client ended its session');
    for (const response of [await client.request(odin, 'ping'), await client.get(odin), await client.delete(odin)])
      expect(response.status).toBe(404);
  });

  test('the log level is the session’s, for later requests too', async () => {
    const { odin } = createLegacyServer();
    const client = await new LegacyClient().connect(odin);
    const levels = async (): Promise<unknown[]> => {
      const response = await client.request(odin, 'tools/call', { name: 'whisper' });
      const events = await new EventReader(response).rest();
      return events.flatMap(({ message }) => (message?.method ? [message.params?.level] : []));
    };
    expect(await levels()).toEqual(['warning']);
    expect(await client.ask(odin, 'logging/setLevel', { level: 'debug' })).toMatchObject({ result: {} });
    expect(await levels()).toEqual(['debug', 'warning']);
    expect(await client.ask(odin, 'logging/setLevel', { level: 'loud' })).toMatchObject({ error: { code: -32602 } });
    const other = await new LegacyClient().connect(odin);
    const response = await other.request(odin, 'tools/call', { name: 'whisper' });
    expect((await new EventReader(response).rest()).flatMap(({ message }) => message?.params?.level ?? [])).toEqual([
      'warning',
    ]);
  });

  test('two requests with one id at a time are one too many', async () => {
    const { odin, gate } = createLegacyServer();
    const client = await new LegacyClient().connect(odin);
    const call = new EventReader(await client.request(odin, 'tools/call', { name: 'gated' }, 'same'));
    const second = await client.request(odin, 'tools/call', { name: 'quick' }, 'same');
    expect(second.status).toBe(400);
    expect(await second.json()).toMatchObject({ id: 'same', error: { code: -32600 } });
    gate.open();
    expect(textOf((await call.rest()).at(-1)?.message)).toBe('through the gate');
    expect((await client.request(odin, 'tools/call', { name: 'quick' }, 'same')).status).toBe(200);
  });
});

describe('the stream of a call', () => {
  test('begins with a place to come back to, and numbers its events', async () => {
    const { odin } = createLegacyServer({ sessions: { retryMs: 777 } });
    const client = await new LegacyClient().connect(odin);
    const events = await new EventReader(
      await client.request(odin, 'tools/call', { name: 'count', arguments: { to: 3 } }, 'ünï€'),
    ).rest();
    expect(events[0]).toMatchObject({ retry: 777, message: undefined });
    expect(events.slice(1).map(({ message }) => message?.params?.data ?? textOf(message))).toEqual([
      1,
      2,
      3,
      'counted to 3',
    ]);
    expect(events.at(-1)?.message?.id).toBe('ünï€');
    expect(new Set(events.map(({ id }) => id)).size).toBe(5);
    expect(events.every(({ id }) => id !== undefined && /^[\x21-\x7e]+$/.test(id))).toBe(true);
  });

  test('has no event without data for clients that would stumble over it', async () => {
    const { odin } = createLegacyServer();
    const client = await new LegacyClient({ version: '2025-06-18' }).connect(odin);
    const events = await new EventReader(
      await client.request(odin, 'tools/call', { name: 'count', arguments: { to: 1 } }),
    ).rest();
    expect(events.map(({ message }) => message?.method ?? 'response')).toEqual(['notifications/message', 'response']);
    // Such a client could not come back, so the stream stays open.
    const { gate, odin: other } = createLegacyServer();
    const old = await new LegacyClient({ version: '2025-06-18' }).connect(other);
    const polled = old.request(other, 'tools/call', { name: 'poll' });
    gate.open();
    expect(textOf((await new EventReader(await polled).rest()).at(-1)?.message)).toBe('polled');
  });

  test('goes on when the client leaves, and is there when it comes back', async () => {
    const { odin, gate, seen } = createLegacyServer();
    const client = await new LegacyClient().connect(odin);
    const call = new EventReader(await client.request(odin, 'tools/call', { name: 'gated' }, 7));
    const primed = await call.next();
    const first = await call.next();
    await call.leave();
    const again = new EventReader(await client.resume(odin, first?.id ?? ''));
    expect((await again.next())?.message).toBeUndefined();
    gate.open();
    expect(await again.rest()).toMatchObject([{ message: { id: 7, result: {} } }]);
    expect(seen).toEqual(['gated began', 'gated ended']);
    // From the start: everything once more.
    const all = await new EventReader(await client.resume(odin, primed?.id ?? '')).rest();
    expect(all.flatMap(({ message }) => message?.method ?? message?.id ?? [])).toEqual(['notifications/message', 7]);
    // After the end there is nothing to come back for.
    expect((await client.resume(odin, all.at(-1)?.id ?? '')).status).toBe(204);
  });

  test('one reader at a time: the newer one ends the older', async () => {
    const { odin, gate } = createLegacyServer();
    const client = await new LegacyClient().connect(odin);
    const call = new EventReader(await client.request(odin, 'tools/call', { name: 'gated' }));
    const primed = await call.next();
    await call.next();
    const newer = new EventReader(await client.resume(odin, primed?.id ?? ''));
    expect(await call.rest()).toEqual([]);
    gate.open();
    expect(textOf((await newer.rest()).at(-1)?.message)).toBe('through the gate');
  });

  test('the server may close the connection; the client comes back for the rest', async () => {
    const { odin, gate } = createLegacyServer();
    const client = await new LegacyClient().connect(odin);
    const events = await new EventReader(await client.request(odin, 'tools/call', { name: 'poll' })).rest();
    expect(events).toMatchObject([{ message: undefined, retry: 1_000 }]);
    const again = new EventReader(await client.resume(odin, events[0]?.id ?? ''));
    gate.open();
    const rest = await again.rest();
    expect(rest.map(({ message }) => message?.params?.data ?? textOf(message))).toEqual([
      undefined,
      'after the break',
      'polled',
    ]);
  });

  test('what is no longer kept is said, for the request it belongs to, and only once', async () => {
    const { odin } = createLegacyServer({ sessions: { maxEvents: 10 } });
    const client = await new LegacyClient().connect(odin);
    const call = new EventReader(
      await client.request(odin, 'tools/call', { name: 'count', arguments: { to: 500 } }, 'many'),
    );
    const primed = await call.next();
    await call.rest();
    const again = await new EventReader(await client.resume(odin, primed?.id ?? '')).rest();
    expect(again.at(-1)?.message).toMatchObject({ id: 'many', error: { code: -32603 } });
    expect((await client.resume(odin, again.at(-1)?.id ?? '')).status).toBe(204);
  });

  test('a reader that keeps up gets everything, however much there is', async () => {
    const { odin } = createLegacyServer();
    const client = await new LegacyClient().connect(odin);
    const response = await client.request(odin, 'tools/call', { name: 'count', arguments: { to: 3_000 } });
    const numbers = (await new EventReader(response).rest()).flatMap(({ message }) => message?.params?.data ?? []);
    expect(numbers).toEqual(Array.from({ length: 3_000 }, (_, at) => at + 1));
  });

  test('is cancelled by a notification, from its own session only, and then has no response', async () => {
    const { odin, seen } = createLegacyServer();
    const client = await new LegacyClient().connect(odin);
    const stranger = await new LegacyClient().connect(odin);
    const call = new EventReader(await client.request(odin, 'tools/call', { name: 'gated' }, 5));
    await call.message();
    const cancelled = { method: 'notifications/cancelled', params: { requestId: 5, reason: 'enough' } };
    expect((await stranger.post(odin, cancelled)).status).toBe(202);
    expect(seen).toEqual(['gated began']);
    expect((await client.post(odin, cancelled)).status).toBe(202);
    const rest = await call.rest();
    expect(rest).toMatchObject([{ message: undefined }]);
    expect(seen).toContain('aborted: The client cancelled the request: enough');
    expect((await client.resume(odin, rest[0]?.id ?? '')).status).toBe(204);
  });

  test('places in streams of others, and invented ones, lead nowhere', async () => {
    const { odin } = createLegacyServer();
    const client = await new LegacyClient().connect(odin);
    const stranger = await new LegacyClient().connect(odin);
    const call = new EventReader(await stranger.request(odin, 'tools/call', { name: 'count', arguments: { to: 1 } }));
    const theirs = (await call.next())?.id ?? '';
    const own = (await client.listen(odin)).primed;
    for (const id of [theirs, 'x', '1', `${own.split('/')[0]}/nonsense/3`, `${own.split('/')[0]}/a.b.!!/3`])
      expect((await client.resume(odin, id)).status).toBe(400);
    const invented = `${own.split('/')[0]}/0123456789abcdef.key.OQ/3`;
    const events = await new EventReader(await client.resume(odin, invented)).rest();
    expect(events.at(-1)?.message).toMatchObject({ id: 9, error: { code: -32603 } });
    await odin.close();
  });
});

describe('questions in mid-call', () => {
  test('go out on the stream of the call, and the response comes by another request', async () => {
    const { odin } = createLegacyServer();
    const client = await new LegacyClient({ capabilities: { elicitation: {} } }).connect(odin);
    const stranger = await new LegacyClient().connect(odin);
    const call = new EventReader(await client.request(odin, 'tools/call', { name: 'name' }));
    const question = await call.message();
    expect(question).toMatchObject({ method: 'elicitation/create', params: { message: 'Who?' } });
    const answer = { id: question?.id, result: { action: 'accept', content: { name: 'Ada' } } };
    expect((await stranger.post(odin, { ...answer, result: { action: 'decline' } })).status).toBe(202);
    expect((await client.post(odin, answer)).status).toBe(202);
    expect(textOf((await call.rest()).at(-1)?.message)).toBe('Hello Ada');
    // Nobody waits for it any more, and that does no harm.
    expect((await client.post(odin, answer)).status).toBe(202);
    for (const id of ['made up', 1, `${'f'.repeat(16)}.${globalThis.crypto.randomUUID()}`])
      expect((await client.post(odin, { ...answer, id })).status).toBe(400);
  });

  test('are not asked of a client that cannot be asked', async () => {
    const { odin } = createLegacyServer();
    const client = await new LegacyClient().connect(odin);
    expect(await client.ask(odin, 'tools/call', { name: 'name' })).toMatchObject({ result: { isError: true } });
  });

  test('a refusal is the tool’s failure; a cancelled call takes its question back', async () => {
    const { odin } = createLegacyServer();
    const client = await new LegacyClient({ capabilities: { elicitation: {} } }).connect(odin);
    const call = new EventReader(await client.request(odin, 'tools/call', { name: 'name' }));
    const question = await call.message();
    await client.post(odin, { id: question?.id, error: { code: -1, message: 'not now' } });
    expect((await call.rest()).at(-1)?.message?.result).toMatchObject({
      isError: true,
      content: [{ text: 'The client refused: not now' }],
    });
    const second = new EventReader(await client.request(odin, 'tools/call', { name: 'name' }, 99));
    const asked = await second.message();
    await client.post(odin, { method: 'notifications/cancelled', params: { requestId: 99 } });
    expect((await second.rest()).flatMap(({ message }) => message ?? [])).toMatchObject([
      { method: 'notifications/cancelled', params: { requestId: asked?.id } },
    ]);
  });
});
