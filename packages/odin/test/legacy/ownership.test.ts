import { HeimdallError, type Principal } from '@asgard/heimdall-client';
import { expect, test } from 'vitest';
import { testPrincipal } from '../../src/testing.ts';
import { EventReader, LegacyClient } from './client.ts';
import { createLegacyServer, type LegacyServer } from './server.ts';

/** Tokens are names of callers. */
function createGuardedServer(callers: Readonly<Record<string, Principal>>): LegacyServer {
  const verifier = {
    peek: (token: string) => callers[token],
    verify: async (token: string) => {
      throw new HeimdallError('token_invalid', `nobody is called ${token}`);
    },
  };
  return createLegacyServer({ url: 'http://localhost/mcp', auth: { issuer: 'http://localhost/issuer', verifier } });
}

function clientOf(token: string): LegacyClient {
  return new LegacyClient({ headers: { authorization: `Bearer ${token}` } });
}

test('a session is its caller’s, whatever token they use, and nobody else’s', async () => {
  const ada = { subject: 'ada', issuer: 'http://localhost/issuer', clientId: 'desk' };
  const { odin } = createGuardedServer({
    ada: testPrincipal(ada),
    'ada-renewed': testPrincipal({ ...ada, scopes: ['more'] }),
    'ada-elsewhere': testPrincipal({ ...ada, clientId: 'phone' }),
    bob: testPrincipal({ ...ada, subject: 'bob' }),
    'other-ada': testPrincipal({ ...ada, issuer: 'http://localhost/other' }),
  });
  const { sessionId } = await clientOf('ada').connect(odin);
  const statuses: Record<string, number> = {};
  for (const token of ['ada', 'ada-renewed', 'ada-elsewhere', 'bob', 'other-ada', 'nobody']) {
    const client = clientOf(token);
    client.sessionId = sessionId;
    statuses[token] = (await client.request(odin, 'ping')).status;
    if (token !== 'ada' && token !== 'ada-renewed') {
      expect((await client.get(odin)).status).toBe(statuses[token]);
      expect((await client.delete(odin)).status).toBe(statuses[token]);
    }
  }
  expect(statuses).toEqual({
    ada: 200,
    'ada-renewed': 200,
    'ada-elsewhere': 404,
    bob: 404,
    'other-ada': 404,
    nobody: 401,
  });
});

test('a stream does not outlive the token it was opened with', async () => {
  const { odin } = createGuardedServer({ ada: testPrincipal({ subject: 'ada', expiresAt: Date.now() / 1_000 - 1 }) });
  const client = await clientOf('ada').connect(odin);
  const reader = new EventReader(await client.get(odin));
  expect(await reader.rest()).toMatchObject([{ message: undefined }]);
  await odin.close();
});

test('an id says nothing to who carries it, and does not grow with the client’s introduction', async () => {
  const { odin } = createLegacyServer();
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {
      elicitation: { form: {} },
      experimental: { x: 'y'.repeat(9_000) },
      sampling: { tools: { a: 'b'.repeat(9_000) } },
    },
    clientInfo: { name: 'n'.repeat(9_000), version: '1', title: 't'.repeat(9_000) },
  };
  const response = await new LegacyClient().post(odin, { id: 1, method: 'initialize', params });
  const id = response.headers.get('mcp-session-id') ?? '';
  expect(id.length).toBeLessThan(1_024);
  expect(atob(id.slice(3).replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('elicitation');
});
