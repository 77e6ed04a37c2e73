import type { Principal, Revocation, RevocationListener } from '@asgard/heimdall-client';
import { describe, expect, it } from 'vitest';
import { createFixture, modernRequest, readEvents } from '../fixture.ts';
import { channelsOf, createHeldFixture, messagesIn } from '../hermod/proxy.ts';

const principalOf = (subject: string): Principal => ({
  ...{ subject, issuer: 'http://localhost/i', kind: 'user', scopes: [], organizations: [] },
  ...{ roles: { realm: [], clients: {} }, expiresAt: Date.now() / 1000 + 600, sessionId: `sid-${subject}` },
});

/** Takes the token for the name of its user. */
function createRevocable() {
  const listeners = new Set<RevocationListener>();
  const revoked = new Set<string>();
  return {
    peek: (token: string) => (revoked.has(`sid-${token}`) ? undefined : principalOf(token)),
    verify: async (token: string) => principalOf(token),
    isRevoked: ({ sessionId = '' }: Principal) => revoked.has(sessionId),
    onRevocation: (listener: RevocationListener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    revoke: async (revocation: Partial<Revocation>) => {
      revoked.add(revocation.sessionId ?? '');
      for (const listener of listeners) listener({ issuer: '', issuedBefore: 0, ...revocation });
    },
  };
}

const authOf = (verifier: ReturnType<typeof createRevocable>) => ({
  url: 'http://localhost/mcp',
  auth: { issuer: 'http://localhost/i', verifier },
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
