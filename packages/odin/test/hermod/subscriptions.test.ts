import { type GRIP_INSTRUCT_TYPE, parseHoldBody, parseHoldHeaders } from '@asgard/grip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minuteOf, OwnChannels } from '../../src/hermod/own-channels.ts';
import { createNotifier } from '../../src/index.ts';
import { createTestClock, testPrincipal } from '../../src/testing.ts';
import { channelsOf, createHeldFixture, type HeldFixture, messagesIn } from './proxy.ts';

const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';
const note = (uri: string) => ({ notifications: { resourceSubscriptions: [uri] } });

async function listen(
  fixture: HeldFixture,
  params: object,
  id: string | number = 'listen:0',
): Promise<{ response: Response; topic: string; own: string; drain: string; body: string }> {
  const response = await fixture.odin.fetch(
    await fixture.proxied('subscriptions/listen', params as Record<string, unknown>, { id }),
  );
  const channels = channelsOf(response);
  const [own = '', drain = ''] = channels.slice().reverse();
  return { response, topic: channels[0] ?? '', own, drain, body: await response.text() };
}

describe('a subscription behind the proxy', () => {
  it('is answered at once with its acknowledgement and costs nothing after', async () => {
    const fixture = createHeldFixture();
    const { response, body } = await listen(fixture, note('note://7'));
    expect(response.headers.get('grip-hold')).toBe('stream');
    expect(messagesIn([body])).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/subscriptions/acknowledged',
        params: { ...note('note://7'), _meta: { [SUBSCRIPTION]: 'listen:0' } },
      },
    ]);
    const hold = parseHoldHeaders(response.headers);
    expect(hold?.channels.map(({ filters }) => filters ?? [])).toEqual([['var-subst'], ['var-subst'], ['var-subst']]);
    expect(hold?.meta).toEqual({ sub: '"listen:0"' });
    expect(hold?.next).toBeUndefined();
  });

  it('one publish on the shared channel serves every subscriber, each with its own id', async () => {
    const fixture = createHeldFixture();
    const first = await listen(fixture, note('note://7'), 'listen:0');
    const second = await listen(fixture, note('note://7'), 42);
    expect(second.topic).toBe(first.topic);
    expect(second.own).not.toBe(first.own);
    await fixture.odin.notify.resourceUpdated('note://7');
    await fixture.odin.notify.resourceUpdated('note://8');
    expect(fixture.publisher.published.filter(({ channel }) => channel === first.topic)).toHaveLength(1);
    expect(messagesIn(fixture.heard(first.topic, '"listen:0"'))).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/resources/updated',
        params: { uri: 'note://7', _meta: { [SUBSCRIPTION]: 'listen:0' } },
      },
    ]);
    expect(messagesIn(fixture.heard(first.topic, '42'))).toMatchObject([{ params: { _meta: { [SUBSCRIPTION]: 42 } } }]);
  });

  it('keeps % in URIs literal for any URI', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('%', '(', ')', 's', 'u', 'b', 'ä', '"', '\\', '/') }),
        async (rest) => {
          const fixture = createHeldFixture();
          const uri = `note://${rest}`;
          const { topic } = await listen(fixture, note(uri));
          await fixture.odin.notify.resourceUpdated(uri);
          expect(messagesIn(fixture.heard(topic, '"listen:0"'))).toMatchObject([{ params: { uri } }]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each(['with space', 'ä', '"', '\\', '%(sub)s', 'a,b;c'])('takes the id %j in a grip-instruct body', async (id) => {
    const fixture = createHeldFixture();
    const response = await fixture.odin.fetch(await fixture.proxied('subscriptions/listen', note('note://7'), { id }));
    const type: typeof GRIP_INSTRUCT_TYPE = 'application/grip-instruct';
    expect(response.headers.get('content-type')).toBe(type);
    const instruction = parseHoldBody(response.headers, await response.text());
    expect(instruction.hold?.meta).toEqual({ sub: JSON.stringify(id) });
    expect(instruction.response).toMatchObject({ headers: { 'content-type': 'text/event-stream' } });
    expect(messagesIn([String(instruction.response?.body)])).toMatchObject([
      { params: { _meta: { [SUBSCRIPTION]: id } } },
    ]);
  });

  it('hears on its own channel what changed before the proxy held it', async () => {
    const fixture = createHeldFixture();
    const { own } = await listen(fixture, {
      notifications: { toolsListChanged: true, resourceSubscriptions: ['note://%'] },
    });
    await fixture.odin.notify.resourceUpdated('note://%');
    await fixture.odin.notify.resourceUpdated('note://%');
    await fixture.odin.notify.resourceUpdated('note://other');
    fixture.publisher.subscribe(own);
    await expect
      .poll(() => messagesIn(fixture.heard(own, '"listen:0"')))
      .toMatchObject([{ params: { uri: 'note://%', _meta: { [SUBSCRIPTION]: 'listen:0' } } }]);
    await fixture.odin.notify.toolsChanged();
    expect(messagesIn(fixture.heard(own, '"listen:0"'))).toHaveLength(1);
  });

  it('hears what changed while the way to the proxy was broken, when it is held again', async () => {
    const fixture = createHeldFixture();
    const { own, topic } = await listen(fixture, note('note://7'));
    fixture.publisher.subscribe(own);
    fixture.publisher.setConnected(false);
    await fixture.odin.notify.resourceUpdated('note://7');
    expect(fixture.heard(topic, '"listen:0"')).toEqual([]);
    fixture.publisher.setConnected(true);
    fixture.publisher.subscribe(own);
    await expect
      .poll(() => messagesIn(fixture.heard(topic, '"listen:0"')))
      .toMatchObject([{ method: 'notifications/resources/updated', params: { uri: 'note://7' } }]);
  });

  it('asking for more than the proxy can hold for one client is an error, not a silent loss', async () => {
    const fixture = createHeldFixture();
    const uris = Array.from({ length: 19 }, (_, at) => `note://${at}`);
    const response = await fixture.odin.fetch(
      await fixture.proxied('subscriptions/listen', { notifications: { resourceSubscriptions: uris } }),
    );
    expect(response.headers.get('grip-hold')).toBeNull();
    expect(await response.json()).toMatchObject({
      error: { code: -32602, message: expect.stringContaining('at most 18') },
    });
  });

  it('stays open when this process closes, and ends with its result when the server goes for good', async () => {
    const rolling = createHeldFixture();
    await listen(rolling, note('note://7'));
    await rolling.odin.close();
    expect(rolling.publisher.published).toEqual([]);
    const leaving = createHeldFixture();
    const { drain } = await listen(leaving, note('note://7'));
    await leaving.odin.close({ endSubscriptions: true });
    expect(messagesIn(leaving.heard(drain, '"listen:0"').slice(0, 1))).toEqual([
      {
        jsonrpc: '2.0',
        id: 'listen:0',
        result: {
          resultType: 'complete',
          _meta: {
            [SUBSCRIPTION]: 'listen:0',
            'io.modelcontextprotocol/serverInfo': { name: 'fixture', version: '1.2.3' },
          },
        },
      },
    ]);
    expect(leaving.heard(drain).at(-1)).toBe('close');
  });

  it('does not outlive the token it was opened with', async () => {
    const { now, after, advance } = createTestClock(Math.ceil(Date.now() / 1_000) * 1_000);
    const principal = testPrincipal({ expiresAt: now() / 1_000 + 60 });
    const verifier = { peek: () => principal, verify: async () => principal };
    const auth = { issuer: 'http://localhost/issuer', verifier };
    const fixture = createHeldFixture({ url: 'http://localhost/mcp', auth, now }, { after, monotonic: now });
    const request = await fixture.proxied('subscriptions/listen', note('note://7'), {
      headers: { authorization: 'Bearer x' },
    });
    const response = await fixture.odin.fetch(request);
    const [own = ''] = channelsOf(response).slice(-1);
    fixture.publisher.subscribe(own);
    advance(59_999);
    expect(fixture.heard(own)).toEqual([]);
    advance(1_001);
    expect(fixture.heard(own).at(-1)).toBe('close');
    expect(messagesIn(fixture.heard(own, '1'))).toMatchObject([{ id: 1, result: { resultType: 'complete' } }]);
  });
});

describe('a subscription whose proxy is late, or goes and comes', () => {
  const start = Date.UTC(2026, 0, 1);
  function createClockedFixture(): { fixture: HeldFixture; pass: (ms: number) => void } {
    const { now, after, advance } = createTestClock(start);
    return { fixture: createHeldFixture({ now }, { after, monotonic: now }), pass: advance };
  }

  it('hears what it missed, however long the proxy takes within its time', async () => {
    const { fixture, pass } = createClockedFixture();
    const { own } = await listen(fixture, note('note://7'));
    await fixture.odin.notify.resourceUpdated('note://7');
    pass(9_000);
    fixture.publisher.subscribe(own);
    expect(messagesIn(fixture.heard(own, '"listen:0"'))).toMatchObject([{ params: { uri: 'note://7' } }]);
  });

  it('is closed when it comes later: nobody knows what it missed', async () => {
    const { fixture, pass } = createClockedFixture();
    const { own } = await listen(fixture, note('note://7'));
    pass(12_000);
    fixture.publisher.subscribe(own);
    expect(fixture.heard(own)).toEqual(['close']);
  });

  it('is closed as well when the wall clock was set back meanwhile', async () => {
    const { now, after, advance } = createTestClock(start);
    let set = 0;
    const fixture = createHeldFixture({ now: () => now() + set }, { after, monotonic: now });
    const { own } = await listen(fixture, note('note://7'));
    set = -3_600_000;
    advance(12_000);
    fixture.publisher.subscribe(own);
    expect(fixture.heard(own)).toEqual(['close']);
  });

  it('goes on after a short break of the way to the proxy', async () => {
    const { fixture, pass } = createClockedFixture();
    const { own } = await listen(fixture, note('note://7'));
    fixture.publisher.subscribe(own);
    fixture.publisher.setConnected(false);
    fixture.publisher.setConnected(true);
    fixture.publisher.subscribe(own);
    pass(62_000);
    expect(fixture.heard(own)).toEqual([]);
    pass(3_600_000);
    expect(fixture.heard(own).at(-1)).toBe('close');
  });

  it('is forgotten some time after its client left', async () => {
    const { fixture, pass } = createClockedFixture();
    const { own } = await listen(fixture, note('note://7'));
    fixture.publisher.subscribe(own);
    fixture.publisher.unsubscribe(own);
    pass(62_000);
    pass(3_600_000);
    expect(fixture.heard(own)).toEqual([]);
  });

  it('ends in its time even when the process that made it is gone', async () => {
    const { fixture, pass } = createClockedFixture();
    const before = new OwnChannels({ server: 'fixture', replica: 'r1', start: 'an-earlier-one' });
    const own = before.format({ number: 5, endsAtMinute: minuteOf(start + 600_000) });
    fixture.publisher.subscribe(own);
    expect(fixture.heard(own)).toEqual([]);
    pass(599_000);
    expect(fixture.heard(own)).toEqual([]);
    pass(2_000);
    expect(fixture.heard(own).at(-1)).toBe('close');
    expect(messagesIn(fixture.heard(own, '7'))).toMatchObject([{ id: 7, result: { resultType: 'complete' } }]);
  });

  it('of another replica is left to that one, and ended here when nobody has done so in time', async () => {
    const { fixture, pass } = createClockedFixture();
    const others = new OwnChannels({ server: 'fixture', replica: 'r2', start: 'any' });
    const [own, left] = [1, 2].map((number) => others.format({ number, endsAtMinute: minuteOf(start + 600_000) }));
    for (const channel of [own, left]) fixture.publisher.subscribe(channel ?? '');
    fixture.publisher.unsubscribe(left ?? '');
    pass(600_000);
    expect(fixture.heard(own ?? '')).toEqual([]);
    pass(121_000);
    expect(messagesIn(fixture.heard(own ?? '', '7'))).toMatchObject([{ id: 7, result: { resultType: 'complete' } }]);
    expect(fixture.heard(own ?? '').at(-1)).toBe('close');
    expect(fixture.heard(left ?? '')).toEqual([]);
  });
});

describe('createNotifier', () => {
  it('reaches the subscribers of a server from a process that serves no HTTP', async () => {
    const fixture = createHeldFixture({ url: 'http://localhost/mcp' });
    const { topic } = await listen(fixture, { notifications: { promptsListChanged: true } });
    await createNotifier({ publisher: fixture.publisher, server: 'http://localhost/mcp' }).promptsChanged();
    expect(messagesIn(fixture.heard(topic, '"listen:0"'))).toMatchObject([
      { method: 'notifications/prompts/list_changed' },
    ]);
    await createNotifier({ publisher: fixture.publisher, server: 'http://localhost/other' }).promptsChanged();
    expect(fixture.heard(topic)).toHaveLength(1);
  });

  it.each(['https://mcp.example.com', 'https://MCP.example.com/', 'https://mcp.example.com:443/'])(
    'reaches the server at https://mcp.example.com as %s too',
    async (server) => {
      const fixture = createHeldFixture({ url: 'https://mcp.example.com' });
      const request = await fixture.proxied('subscriptions/listen', { notifications: { toolsListChanged: true } });
      const [topic = ''] = channelsOf(await fixture.odin.fetch(request));
      expect(topic).toMatch(/tools$/);
      await createNotifier({ publisher: fixture.publisher, server }).toolsChanged();
      expect(fixture.heard(topic)).toHaveLength(1);
    },
  );
});
