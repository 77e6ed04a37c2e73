import { describe, expect, it } from 'vitest';
import { testPrincipal } from '../../src/testing.ts';
import { createFixture, modernRequest, type Recorded, readEvents } from '../fixture.ts';

const issuer = 'http://localhost/i';
const bearer = { headers: { authorization: 'Bearer t' } };

/** A server whose callers have a token that is good for so long. */
function createGuarded(lifeMs: number): Recorded {
  const now = 1_800_000_000_000;
  const principal = testPrincipal({ issuer, expiresAt: now / 1_000 + 60 });
  const verifier = { peek: () => undefined, verify: async () => principal };
  const fixture = createFixture({
    now: () => now + 60_000 - lifeMs,
    url: 'http://localhost/mcp',
    auth: { issuer, verifier },
    http: { patienceMs: 5 },
  });
  fixture.odin.tool({ name: 'deaf' }, () => new Promise(() => {}));
  return fixture;
}

const RETRYABLE = { code: -32603, message: expect.stringContaining('Retry'), data: { retryable: true } };

describe('a stream of this process', () => {
  it('ends with the token of its caller: a call with a retryable error, though its handler ignores the signal', async () => {
    const { odin } = createGuarded(50);
    const response = await odin.fetch(modernRequest('tools/call', { name: 'deaf' }, { ...bearer, id: 'c' }));
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await readEvents(response)).toEqual([{ jsonrpc: '2.0', id: 'c', error: RETRYABLE }]);
  });

  it('ends with the token of its caller: a subscription with its result', async () => {
    const { odin } = createGuarded(50);
    const filter = { notifications: { toolsListChanged: true } };
    const response = await odin.fetch(modernRequest('subscriptions/listen', filter, bearer));
    expect(await readEvents(response)).toMatchObject([
      { method: 'notifications/subscriptions/acknowledged' },
      { id: 1, result: { _meta: { 'io.modelcontextprotocol/subscriptionId': 1 } } },
    ]);
  });

  it('goes on as long as the token is good', async () => {
    const { odin, ran } = createGuarded(60_000);
    const leaving = new AbortController();
    const { signal } = leaving;
    await odin.fetch(modernRequest('tools/call', { name: 'wait' }, { ...bearer, signal }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ran).toEqual(['wait']);
    leaving.abort();
    await expect.poll(() => ran).toEqual(['wait', 'wait aborted']);
  });

  it('ends at the deadline of close: the signal fires, and the client has an answer before', async () => {
    const { odin } = createFixture({ http: { patienceMs: 5 } });
    let aborted = false;
    odin.tool({ name: 'deaf' }, ({ signal }) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => {});
    });
    const response = await odin.fetch(modernRequest('tools/call', { name: 'deaf' }));
    const events = readEvents(response);
    await odin.close({ deadlineMs: 20 });
    expect([await events, aborted]).toEqual([[{ jsonrpc: '2.0', id: 1, error: RETRYABLE }], true]);
  });

  it('that has not begun at the deadline of close is answered as JSON', async () => {
    const { odin } = createFixture();
    odin.tool({ name: 'deaf' }, () => new Promise(() => {}));
    const response = odin.fetch(modernRequest('tools/call', { name: 'deaf' }));
    await new Promise((resolve) => setTimeout(resolve, 10));
    await odin.close({ deadlineMs: 20 });
    expect(await (await response).json()).toEqual({ jsonrpc: '2.0', id: 1, error: RETRYABLE });
  });
});

describe('a legacy call without a session', () => {
  it('is stopped when its client leaves: nobody could come back for the answer', async () => {
    const { odin, ran } = createFixture({ sessions: false, http: { patienceMs: 5 } });
    const leaving = new AbortController();
    const { signal } = leaving;
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'wait', arguments: {} } };
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-06-18',
    };
    const body = JSON.stringify(message);
    await odin.fetch(new Request('http://localhost/mcp', { method: 'POST', headers, body, signal }));
    leaving.abort();
    await expect.poll(() => ran).toEqual(['wait', 'wait aborted']);
  });
});
