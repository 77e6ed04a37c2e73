import { HeimdallError, type TokenVerifier } from '@asgard/heimdall-client';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { testPrincipal } from '../src/testing.ts';
import { createFixture, messageOf, modernRequest, post, type Recorded } from './fixture.ts';

const ADD = { name: 'add', arguments: { a: 1 } };

describe('tokens', () => {
  const RESOURCE = 'http://localhost:7999/mcp';
  const METADATA = 'http://localhost:7999/.well-known/oauth-protected-resource/mcp';
  const good = testPrincipal({ subject: 'freya', scopes: ['notes'] });
  const errors: Record<string, HeimdallError> = {
    expired: new HeimdallError('token_expired', 'x'),
    foreign: new HeimdallError('audience_mismatch', 'x'),
    bad: new HeimdallError('token_invalid', 'x'),
    away: new HeimdallError('unavailable', 'x', { retryAfterSeconds: 7 }),
  };
  const verifier: Pick<TokenVerifier, 'peek' | 'verify'> = {
    peek: (token) => (token === 'cached' ? good : undefined),
    verify: async (token) => {
      if (token === 'good') return good;
      throw errors[token] ?? errors.bad;
    },
  };
  const createServer = (): Recorded => {
    const fixture = createFixture({ url: RESOURCE, auth: { issuer: 'http://localhost:7999/heimdall', verifier } });
    fixture.odin.tool({ name: 'admin', input: z.object({}), scopes: ['admin', 'notes'] }, () =>
      fixture.ran.push('admin'),
    );
    return fixture;
  };

  it.each([
    { what: 'missing', authorization: undefined, status: 401, challenge: `Bearer resource_metadata="${METADATA}"` },
    {
      what: 'expired',
      authorization: 'Bearer expired',
      status: 401,
      challenge: `Bearer error="invalid_token", error_description="The token has expired", resource_metadata="${METADATA}"`,
    },
    {
      what: 'for another resource',
      authorization: 'Bearer foreign',
      status: 401,
      challenge: `Bearer error="invalid_token", error_description="The token was issued for another resource", resource_metadata="${METADATA}"`,
    },
    {
      what: 'garbage',
      authorization: 'Bearer garbage',
      status: 401,
      challenge: `Bearer error="invalid_token", error_description="The token is not valid", resource_metadata="${METADATA}"`,
    },
    {
      what: 'of another scheme',
      authorization: 'Basic Zm9v',
      status: 401,
      challenge: `Bearer error="invalid_token", error_description="The token is malformed", resource_metadata="${METADATA}"`,
    },
    {
      what: 'sent twice',
      authorization: 'Bearer good, Bearer good',
      status: 401,
      challenge: `Bearer error="invalid_token", error_description="The token is malformed", resource_metadata="${METADATA}"`,
    },
  ])('$what -> $status with a challenge', async ({ authorization, status, challenge }) => {
    const { odin, ran } = createServer();
    const response = await odin.fetch(modernRequest('tools/call', ADD, { headers: { authorization } }));
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([status, challenge]);
    expect(((await response.json()) as { error: { code: number } }).error.code).toBe(-32000);
    expect(ran).toEqual([]);
  });

  it('is 503 with Retry-After, never 401, when nobody could tell', async () => {
    const { odin, ran } = createServer();
    const response = await odin.fetch(modernRequest('tools/call', ADD, { headers: { authorization: 'Bearer away' } }));
    expect([response.status, response.headers.get('retry-after'), response.headers.get('www-authenticate')]).toEqual([
      503,
      '7',
      null,
    ]);
    expect(ran).toEqual([]);
  });

  it('is refused in the URL', async () => {
    const { odin, ran } = createServer();
    const response = await odin.fetch(
      modernRequest('tools/call', ADD, { url: 'http://localhost:7999/mcp?access_token=good' }),
    );
    expect(response.status).toBe(400);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_request"');
    expect(ran).toEqual([]);
  });

  it('comes before everything else: malformed JSON without a token is 401', async () => {
    expect((await createServer().odin.fetch(post('{'))).status).toBe(401);
  });

  it.each(['Bearer good', 'bearer cached'])('lets %s in', async (authorization) => {
    const { odin, ran } = createServer();
    expect((await odin.fetch(modernRequest('tools/call', ADD, { headers: { authorization } }))).status).toBe(200);
    expect(ran).toEqual(['add']);
  });

  it('without the scopes of a tool is 403 insufficient_scope with all of them, and the tool is not listed', async () => {
    const { odin, ran } = createServer();
    const headers = { authorization: 'Bearer good' };
    const response = await odin.fetch(modernRequest('tools/call', { name: 'admin' }, { headers }));
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      403,
      `Bearer error="insufficient_scope", scope="admin notes", resource_metadata="${METADATA}"`,
    ]);
    const list = (await (await odin.fetch(modernRequest('tools/list', {}, { headers }))).json()) as {
      result: { tools: { name: string }[] };
    };
    expect(list.result.tools.map(({ name }) => name)).not.toContain('admin');
    expect(ran).toEqual([]);
  });

  it.each(['x-userinfo', 'x-id-token', 'x-access-token', 'x-credential-identifier'])(
    'forged %s proves nothing',
    async (header) => {
      const { odin, ran } = createServer();
      const forged = btoa(JSON.stringify({ sub: 'admin', id: 'admin', scope: 'admin' }));
      expect((await odin.fetch(modernRequest('tools/call', ADD, { headers: { [header]: forged } }))).status).toBe(401);
      expect(ran).toEqual([]);
    },
  );

  it('serves the metadata document at both well-known paths, without a token', async () => {
    const { odin } = createServer();
    for (const path of ['', '/mcp']) {
      const response = await odin.fetch(
        new Request(`http://localhost:7999/.well-known/oauth-protected-resource${path}`),
      );
      expect(await response.json()).toEqual({
        resource: RESOURCE,
        authorization_servers: ['http://localhost:7999/heimdall'],
        scopes_supported: ['admin', 'notes'],
        bearer_methods_supported: ['header'],
        resource_name: 'fixture',
      });
    }
  });

  it('must exist where scopes are asked for: a server without auth refuses to serve them over HTTP', async () => {
    const { odin, ran, logged } = createFixture();
    odin.tool({ name: 'admin', scopes: ['admin'] }, () => ran.push('admin'));
    const response = await odin.fetch(modernRequest('tools/call', { name: 'admin' }));
    expect([response.status, ran]).toEqual([500, []]);
    expect(messageOf(logged[0])).toMatch(/^auth: needed over HTTP/);
  });
});
