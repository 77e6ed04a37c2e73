import { createInMemoryPublisher, parseHoldHeaders } from '@asgard/grip';
import type { Revocation } from '@asgard/heimdall-client';
import { describe, expect, it } from 'vitest';
import { timeout } from '../../src/middleware.ts';
import { testPrincipal } from '../../src/testing.ts';
import { messagesIn, sign } from '../hermod/proxy.ts';
import { EventReader, LegacyClient } from './client.ts';
import { createLegacyServer, type LegacyServer } from './server.ts';

const VERSIONS = ['2025-06-18', '2025-11-25'];
const CALL = { name: 'deaf', arguments: {} };
const RETRYABLE = { code: -32603, message: expect.stringContaining('Retry'), data: { retryable: true } };

/** With a call that never ends and does not heed its signal. */
function createServer(options: Parameters<typeof createLegacyServer>[0] = {}): LegacyServer {
  const server = createLegacyServer({ http: { patienceMs: 5 }, ...options });
  server.odin.tool({ name: 'deaf' }, async ({ log, signal }) => {
    signal.addEventListener('abort', () => server.seen.push('aborted'));
    await log.info('begun');
    await new Promise(() => {});
  });
  return server;
}

async function messagesOf(response: Response): Promise<unknown[]> {
  const events = await new EventReader(response).rest();
  return events.flatMap(({ message }) => message ?? []);
}

describe.each(VERSIONS)('a call of a session of %s', (version) => {
  it('that takes too long is answered with an error', async () => {
    const { odin } = createServer();
    odin.use(timeout({ ms: 50 }));
    const client = await new LegacyClient({ version }).connect(odin);
    const messages = await messagesOf(await client.request(odin, 'tools/call', CALL, 77));
    expect(messages.at(-1)).toMatchObject({ id: 77, error: { message: expect.stringContaining('Timed out') } });
  });

  it('that runs at the deadline of close is told, and answered with a retryable error', async () => {
    const { odin, seen } = createServer();
    const client = await new LegacyClient({ version }).connect(odin);
    const messages = messagesOf(await client.request(odin, 'tools/call', CALL, 77));
    await odin.close({ deadlineMs: 20 });
    expect((await messages).at(-1)).toEqual({ jsonrpc: '2.0', id: 77, error: RETRYABLE });
    expect(seen).toEqual(['aborted']);
  });

  it('that is held ends with an error of its own id when its time is over, unless its client can come back', async () => {
    const publisher = createInMemoryPublisher();
    const keys = ['a secret of thirty-two bytes or so'];
    const { odin, seen } = createServer({ hermod: { publisher, keys, maxHoldMs: 100 } });
    const client = await new LegacyClient({ version, headers: { 'grip-sig': await sign() } }).connect(odin);
    const response = await client.request(odin, 'tools/call', CALL, 77);
    const channel = parseHoldHeaders(response.headers)?.channels[0]?.name ?? '';
    publisher.subscribe(channel);
    const own = () => publisher.published.filter((item) => item.channel === channel).map(({ format }) => format);
    await expect.poll(() => own().at(-1), { timeout: 4_000 }).toMatchObject({ action: 'close' });
    const texts = own().map((format) => ('content' in format ? String(format.content) : ''));
    const [, ...later] = [await response.text(), ...texts];
    const last = messagesIn(later).at(-1);
    if (version === '2025-06-18') expect(last).toEqual({ jsonrpc: '2.0', id: 77, error: RETRYABLE });
    else expect([last, seen]).toEqual([expect.objectContaining({ method: 'notifications/message' }), []]);
  });

  it('that runs when its token is revoked is told, and says so', async () => {
    const issuer = 'http://localhost/i';
    const principal = testPrincipal({ issuer, expiresAt: Date.now() / 1_000 + 60 });
    let revoke = (_: Revocation): void => {};
    const verifier = {
      peek: () => undefined,
      verify: async () => principal,
      revoke: async () => {},
      isRevoked: () => false,
      onRevocation: (listener: typeof revoke) => {
        revoke = listener;
        return () => {};
      },
    };
    const { odin, seen } = createServer({ url: 'http://localhost/mcp', auth: { issuer, verifier } });
    const client = await new LegacyClient({ version, headers: { authorization: 'Bearer t' } }).connect(odin);
    const reader = new EventReader(await client.request(odin, 'tools/call', CALL, 77));
    await reader.message();
    revoke({ issuer, subject: principal.subject, issuedBefore: Date.now() / 1_000 + 60 });
    const rest = (await reader.rest()).flatMap(({ message }) => message ?? []);
    expect(rest).toMatchObject([{ id: 77, error: { message: expect.stringContaining('revoked') } }]);
    expect(seen).toEqual(['aborted']);
  });

  it('ends with the token of its caller, unless its client can come back with another', async () => {
    const issuer = 'http://localhost/i';
    const principal = testPrincipal({ issuer, expiresAt: Date.now() / 1_000 + 0.3 });
    const verifier = { peek: () => undefined, verify: async () => principal };
    const { odin, seen } = createServer({ url: 'http://localhost/mcp', auth: { issuer, verifier } });
    const client = await new LegacyClient({ version, headers: { authorization: 'Bearer t' } }).connect(odin);
    const messages = await messagesOf(await client.request(odin, 'tools/call', CALL, 77));
    expect([messages.at(-1), seen]).toEqual(
      version === '2025-06-18'
        ? [{ jsonrpc: '2.0', id: 77, error: RETRYABLE }, ['aborted']]
        : [expect.objectContaining({ method: 'notifications/message' }), []],
    );
  });
});
