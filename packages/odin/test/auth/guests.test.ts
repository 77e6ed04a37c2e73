import { createRememberingBus } from '@asgard/heimdall-client';
import { describe, expect, it } from 'vitest';
import { Guests } from '../../src/auth/guests.ts';
import { createFixture, modernRequest, readEvents } from '../fixture.ts';
import { channelsOf, createHeldFixture, messagesIn } from '../hermod/proxy.ts';
import { LegacyClient } from '../legacy/client.ts';
import { createRevocable, ISSUER, principalOf } from './verifying.ts';

const authOf = (verifier: ReturnType<typeof createRevocable>) => ({
  url: 'http://localhost/mcp',
  auth: { issuer: ISSUER, verifier },
});
const bearer = (user: string) => ({ headers: { authorization: `Bearer ${user}` } });
const listening = { notifications: { toolsListChanged: true } };

describe('a revocation', () => {
  it("ends a running call and its stream, and nobody else's", async () => {
    const verifier = createRevocable();
    const { odin, ran } = createFixture({ ...authOf(verifier), http: { patienceMs: 5 } });
    const [freya, loki] = await Promise.all(
      ['freya', 'loki'].map((user) => odin.fetch(modernRequest('tools/call', { name: 'wait' }, bearer(user)))),
    );
    await verifier.revoke({ sessionId: 'sid-freya' });
    expect(await readEvents(freya ?? new Response())).toMatchObject([
      { error: { message: expect.stringContaining('revoked') } },
    ]);
    expect(ran).toEqual(['wait', 'wait', 'wait aborted']);
    await verifier.revoke({ sessionId: 'sid-loki' });
    await loki?.text();
  });

  it('ends a subscription that this process serves, without a farewell that looks like success', async () => {
    const verifier = createRevocable();
    const { odin } = createFixture(authOf(verifier));
    const response = await odin.fetch(modernRequest('subscriptions/listen', listening, bearer('freya')));
    await verifier.revoke({ sessionId: 'sid-freya' });
    const events = await readEvents(response);
    expect(events.at(-1)).toMatchObject({ error: { message: expect.stringContaining('revoked') } });
  });

  it('ends a subscription and a call that the proxy holds', async () => {
    const verifier = createRevocable();
    const held = createHeldFixture({ ...authOf(verifier), http: { patienceMs: 5 } });
    const subscribed = await held.odin.fetch(await held.proxied('subscriptions/listen', listening, bearer('freya')));
    const others = await held.odin.fetch(await held.proxied('subscriptions/listen', listening, bearer('loki')));
    const called = await held.odin.fetch(await held.proxied('tools/call', { name: 'wait' }, bearer('freya')));
    const [call = ''] = channelsOf(called);
    held.publisher.subscribe(call);

    await verifier.revoke({ sessionId: 'sid-freya' });

    expect(held.heard(channelsOf(subscribed).at(-1) ?? '').at(-1)).toBe('close');
    expect(held.heard(channelsOf(others).at(-1) ?? '')).toEqual([]);
    await expect.poll(() => held.heard(call).at(-1)).toBe('close');
    expect(messagesIn(held.heard(call))).toMatchObject([{ error: { message: expect.stringContaining('revoked') } }]);
    await held.odin.close({ deadlineMs: 10 });
  });
});

/** Of clients with sessions, whose calls live on when their connection ends. */
describe('a revocation of the older eras', () => {
  async function setup(patienceMs: number) {
    const verifier = createRevocable();
    const { odin, ran } = createFixture({ ...authOf(verifier), http: { patienceMs } });
    const [freya, loki] = await Promise.all(
      ['freya', 'loki'].map((user) => new LegacyClient(bearer(user)).connect(odin)),
    );
    if (!freya || !loki) throw new Error('nobody came');
    return { verifier, odin, ran, freya, loki };
  }

  it('stops a call, of which its caller learns nothing more', async () => {
    const { verifier, odin, ran, freya, loki } = await setup(5_000);
    const calls = [freya, loki].map((client) => client.request(odin, 'tools/call', { name: 'wait' }));
    await expect.poll(() => ran).toEqual(['wait', 'wait']);
    await verifier.revoke({ sessionId: 'sid-freya' });
    expect(await (await calls[0])?.json()).toMatchObject({ error: { message: expect.stringContaining('revoked') } });
    expect(ran).toEqual(['wait', 'wait', 'wait aborted']);
    await verifier.revoke({ sessionId: 'sid-loki' });
    await calls[1];
  });

  it("ends the streams of calls and of the session, and nobody else's", async () => {
    const { verifier, odin, ran, freya, loki } = await setup(5);
    const streams = await Promise.all([
      freya.request(odin, 'tools/call', { name: 'wait' }),
      freya.get(odin),
      loki.request(odin, 'tools/call', { name: 'wait' }),
    ]);
    const others = await loki.listen(odin);
    await verifier.revoke({ sessionId: 'sid-freya' });
    await Promise.all(streams.slice(0, 2).map((stream) => stream.text()));
    expect(ran.filter((name) => name === 'wait aborted')).toHaveLength(1);
    await odin.notify.toolsChanged();
    expect((await others.reader.message())?.method).toBe('notifications/tools/list_changed');
    await verifier.revoke({ sessionId: 'sid-loki' });
    await streams[2]?.text();
    expect(await others.reader.next()).toBeUndefined();
  });

  it('ends streams that the proxy holds', async () => {
    const verifier = createRevocable();
    const held = createHeldFixture({ ...authOf(verifier), http: { patienceMs: 5 } });
    const { 'grip-sig': signature = '' } = Object.fromEntries((await held.proxied('tools/list', {})).headers);
    const client = await new LegacyClient({
      headers: { ...bearer('freya').headers, 'grip-sig': signature },
    }).connect(held.odin);
    const [channel = ''] = channelsOf(await client.get(held.odin));
    held.publisher.subscribe(channel);
    await verifier.revoke({ sessionId: 'sid-freya' });
    await expect.poll(() => held.heard(channel).at(-1)).toBe('close');
    await held.odin.close({ deadlineMs: 10 });
  });
});

describe('guests', () => {
  const revocation = { issuer: ISSUER, sessionId: 'sid-freya', issuedBefore: 0 };

  it('hear of a revocation that came before they could be told, once', async () => {
    const bus = createRememberingBus();
    const guests = new Guests(bus);
    const guest = guests.arrive(principalOf('freya'));
    bus.hear(revocation);
    bus.hear(revocation);
    const told: string[] = [];
    guest.onRevoked(() => told.push('request'));
    guests.follow(guest, () => told.push('stream'));
    await Promise.resolve();
    expect([guest.revoked, told]).toEqual([true, ['request', 'stream']]);
  });

  it('who left hear nothing', () => {
    const bus = createRememberingBus();
    const guests = new Guests(bus);
    const guest = guests.arrive(principalOf('freya'));
    const stop = guests.follow(guest, () => expect.unreachable());
    guests.depart(guest);
    stop();
    bus.hear(revocation);
    expect(guest.revoked).toBe(false);
  });

  it.each([
    ['first', [0]],
    ['second', [1]],
    ['last', [2]],
    ['first and then the last', [0, 2]],
    ['last and then the first', [2, 0]],
    ['second, twice', [1, 1]],
    ['last, twice', [2, 2]],
    ['three of them', [1, 2, 0]],
  ])('who are still there hear it when the %s left', (_who, leaving) => {
    const bus = createRememberingBus();
    const guests = new Guests(bus);
    const told: number[] = [];
    const present = [0, 1, 2].map((at) => {
      const guest = guests.arrive(principalOf('freya'));
      guest.onRevoked(() => told.push(at));
      return guest;
    });
    for (const at of leaving) for (const guest of present.slice(at, at + 1)) guests.depart(guest);
    guests.arrive(principalOf('freya')).onRevoked(() => told.push(3));
    bus.hear(revocation);
    expect(told).toEqual([0, 1, 2, 3].filter((at) => !leaving.includes(at)));
  });

  it.each([
    ['answered', {}, 200],
    ['refused', { 'mcp-method': 'tools/list' }, 400],
  ])('are forgotten when their request was %s', async (_how, headers, status) => {
    let looks = 0;
    const seen = { ...principalOf('freya') };
    Object.defineProperty(seen, 'issuer', {
      get: () => {
        looks += 1;
        return ISSUER;
      },
    });
    const verifier = { ...createRevocable(), peek: () => seen };
    const { odin } = createFixture(authOf(verifier));
    const call = { headers: { ...bearer('freya').headers, ...headers } };
    const answer = await odin.fetch(modernRequest('tools/call', { name: 'add', arguments: { a: 1 } }, call));
    await answer.text();
    await new Promise((resolve) => setImmediate(resolve));
    looks = 0;
    await verifier.revoke({ sessionId: 'sid-freya' });
    expect([answer.status, looks]).toEqual([status, 0]);
  });

  it('are refused when their token was revoked while their request came in', async () => {
    const verifier = createRevocable();
    const { odin, ran } = createFixture(authOf(verifier));
    const whole = modernRequest('tools/call', { name: 'add', arguments: { a: 1 } }, bearer('freya'));
    const text = await whole.text();
    let finish = (): void => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        finish = () => {
          controller.enqueue(new TextEncoder().encode(text));
          controller.close();
        };
      },
    });
    const { url, method, headers } = whole;
    const answer = odin.fetch(new Request(url, { method, headers, body, duplex: 'half' } as RequestInit));
    await new Promise((resolve) => setImmediate(resolve));
    await verifier.revoke({ sessionId: 'sid-freya' });
    finish();
    const { status, headers: told } = await answer;
    expect([status, ran]).toEqual([401, []]);
    expect(told.get('www-authenticate')).toContain('The token was revoked');
  });
});
