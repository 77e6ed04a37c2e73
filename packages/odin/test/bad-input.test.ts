import { HeimdallError, type TokenVerifier } from '@asgard/heimdall-client';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { RpcError } from '../src/errors.ts';
import { testPrincipal } from '../src/testing.ts';
import { createFixture, ENVELOPE, modernRequest, post, type Recorded } from './fixture.ts';

const ADD = { name: 'add', arguments: { a: 1 } };
const addBody = (over: object = {}): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { ...ADD, _meta: ENVELOPE }, ...over });
const MODERN = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'add' };

interface Case {
  readonly what: string;
  readonly request: () => Request;
  readonly status: number;
  readonly code: number;
}

const CASES: readonly Case[] = [
  { what: 'malformed JSON', request: () => post('{"jsonrpc":'), status: 400, code: -32700 },
  { what: 'an empty body', request: () => post(''), status: 400, code: -32700 },
  {
    what: 'a wrong content type',
    request: () => post(addBody(), { headers: { ...MODERN, 'content-type': 'text/plain' } }),
    status: 415,
    code: -32000,
  },
  {
    what: 'no content type',
    request: () => post(addBody(), { headers: { ...MODERN, 'content-type': undefined } }),
    status: 415,
    code: -32000,
  },
  {
    what: 'a foreign Host',
    request: () => modernRequest('tools/call', ADD, { url: 'http://evil.example/mcp' }),
    status: 403,
    code: -32000,
  },
  {
    what: 'a Host that only starts like ours',
    request: () => modernRequest('tools/call', ADD, { url: 'http://localhost.evil.example/mcp' }),
    status: 403,
    code: -32000,
  },
  {
    what: 'a foreign Origin',
    request: () => modernRequest('tools/call', ADD, { headers: { origin: 'https://evil.example' } }),
    status: 403,
    code: -32000,
  },
  {
    what: 'the null Origin',
    request: () => modernRequest('tools/call', ADD, { headers: { origin: 'null' } }),
    status: 403,
    code: -32000,
  },
  {
    what: 'an oversized body',
    request: () => modernRequest('tools/call', { ...ADD, padding: 'x'.repeat(2_000) }),
    status: 413,
    code: -32000,
  },
  { what: 'an unknown method', request: () => modernRequest('tools/destroy'), status: 404, code: -32601 },
  {
    what: 'a method of the old era with a new envelope',
    request: () => modernRequest('initialize'),
    status: 404,
    code: -32601,
  },
  { what: 'GET', request: () => new Request('http://localhost/mcp'), status: 405, code: -32000 },
  {
    what: 'DELETE',
    request: () => new Request('http://localhost/mcp', { method: 'DELETE' }),
    status: 405,
    code: -32000,
  },
  {
    what: 'another path',
    request: () => post(addBody(), { headers: MODERN, url: 'http://localhost/other' }),
    status: 404,
    code: -32000,
  },
  {
    what: 'a Mcp-Method header that disagrees with the body',
    request: () => post(addBody(), { headers: { ...MODERN, 'mcp-method': 'tools/list' } }),
    status: 400,
    code: -32020,
  },
  {
    what: 'no Mcp-Method header',
    request: () => post(addBody(), { headers: { ...MODERN, 'mcp-method': undefined } }),
    status: 400,
    code: -32020,
  },
  {
    what: 'a Mcp-Name header that disagrees with the body',
    request: () => post(addBody(), { headers: { ...MODERN, 'mcp-name': 'boom' } }),
    status: 400,
    code: -32020,
  },
  {
    what: 'no Mcp-Name header',
    request: () => post(addBody(), { headers: { ...MODERN, 'mcp-name': undefined } }),
    status: 400,
    code: -32020,
  },
  {
    what: 'a broken Base64 Mcp-Name',
    request: () => post(addBody(), { headers: { ...MODERN, 'mcp-name': '=?base64?!?=' } }),
    status: 400,
    code: -32020,
  },
  {
    what: 'a version header that disagrees with the body',
    request: () => post(addBody(), { headers: { ...MODERN, 'mcp-protocol-version': '2025-11-25' } }),
    status: 400,
    code: -32020,
  },
  {
    what: 'no version header',
    request: () => post(addBody(), { headers: { ...MODERN, 'mcp-protocol-version': undefined } }),
    status: 400,
    code: -32020,
  },
  {
    what: 'an unknown version',
    request: () =>
      modernRequest('tools/call', ADD, {
        meta: { 'io.modelcontextprotocol/protocolVersion': '2099-01-01' },
        headers: { 'mcp-protocol-version': '2099-01-01' },
      }),
    status: 400,
    code: -32022,
  },
  {
    what: 'capabilities that are no object',
    request: () => modernRequest('tools/call', ADD, { meta: { 'io.modelcontextprotocol/clientCapabilities': 5 } }),
    status: 400,
    code: -32602,
  },
  {
    what: 'a new version header without an envelope',
    request: () =>
      post(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: ADD }), { headers: MODERN }),
    status: 400,
    code: -32602,
  },
  { what: 'an unknown tool', request: () => modernRequest('tools/call', { name: 'none' }), status: 200, code: -32602 },
  {
    what: 'a tool name that is no string',
    request: () => modernRequest('tools/call', { name: 5 }),
    status: 200,
    code: -32602,
  },
  {
    what: 'arguments that are an array',
    request: () => modernRequest('tools/call', { name: 'add', arguments: [1] }),
    status: 200,
    code: -32602,
  },
  { what: 'a batch', request: () => post(`[${addBody()}]`, { headers: MODERN }), status: 400, code: -32600 },
  {
    what: 'a batch of the old era',
    request: () => post('[{"jsonrpc":"2.0","id":1,"method":"ping"}]'),
    status: 400,
    code: -32600,
  },
  { what: 'a body that is no JSON-RPC', request: () => post('{"hello":1}'), status: 400, code: -32600 },
  {
    what: 'a fractional id',
    request: () => post('{"jsonrpc":"2.0","id":1.5,"method":"ping"}'),
    status: 400,
    code: -32600,
  },
  {
    what: 'an unsupported version header of the old era',
    request: () =>
      post('{"jsonrpc":"2.0","id":1,"method":"ping"}', { headers: { 'mcp-protocol-version': '1999-01-01' } }),
    status: 400,
    code: -32000,
  },
  {
    what: 'a listen without a filter',
    request: () => modernRequest('subscriptions/listen'),
    status: 200,
    code: -32602,
  },
];

function messageOf(entry: Recorded['logged'][number] | undefined): string {
  const error = entry?.fields.error;
  return error instanceof Error ? error.message : '';
}

describe('bad input is refused and nothing runs', () => {
  it.each(CASES)('$what -> $status, $code', async ({ request, status, code }) => {
    const { odin, ran } = createFixture({ http: { maxBodyBytes: 2_000 } });
    const response = await odin.fetch(request());
    const body = (await response.json()) as { jsonrpc: string; error: { code: number; message: string } };
    expect({ status: response.status, code: body.error.code, jsonrpc: body.jsonrpc }).toEqual({
      status,
      code,
      jsonrpc: '2.0',
    });
    expect(body.error.message).not.toBe('');
    expect(ran).toEqual([]);
  });

  it('arguments that do not fit are told to the model, and nothing runs', async () => {
    const { odin, ran } = createFixture();
    const response = await odin.fetch(modernRequest('tools/call', { name: 'add', arguments: { a: 'one' } }));
    const { result } = (await response.json()) as { result: { isError: boolean; content: { text: string }[] } };
    expect([response.status, result.isError]).toEqual([200, true]);
    expect(result.content[0]?.text).toMatch(/Invalid arguments for tool add: a: /);
    expect(ran).toEqual([]);
  });

  it('arguments for a tool that takes none are refused', async () => {
    const { odin, ran } = createFixture();
    const response = await odin.fetch(modernRequest('tools/call', { name: 'boom', arguments: { a: 1 } }));
    expect(await response.json()).toMatchObject({ result: { isError: true } });
    expect(ran).toEqual([]);
  });
});

describe('what a handler throws', () => {
  it('is masked: the client gets a reference, the log has the text beside it', async () => {
    const { odin, ran, logged } = createFixture();
    const text = await (await odin.fetch(modernRequest('tools/call', { name: 'boom' }))).text();
    expect(ran).toEqual(['boom']);
    expect(text).not.toContain('hunter2');
    const reference = /Reference: ([0-9a-f-]{36})/.exec(text)?.[1];
    expect(logged).toMatchObject([
      { message: 'a handler failed', fields: { reference, method: 'tools/call', target: 'boom' } },
    ]);
    expect(messageOf(logged[0])).toContain('hunter2');
  });

  it('reaches the client when it is a ToolError', async () => {
    const { odin, logged } = createFixture();
    const response = await odin.fetch(modernRequest('tools/call', { name: 'sorry' }));
    expect(await response.json()).toMatchObject({ result: { isError: true, content: [{ text: 'No such account' }] } });
    expect(logged).toEqual([]);
  });

  it.each([['a string'], [null], [undefined], [Object.freeze({ secret: 1 })], [Symbol('x')]])(
    'may be anything: %s',
    async (thrown) => {
      const { odin } = createFixture();
      odin.tool({ name: 'odd' }, () => {
        throw thrown;
      });
      const response = await odin.fetch(modernRequest('tools/call', { name: 'odd' }));
      expect(await response.json()).toMatchObject({
        result: { isError: true, content: [{ text: expect.stringMatching(/^Internal error\. Reference: /) }] },
      });
    },
  );
});

describe('what a handler returns or throws that has no JSON text', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const trap = (): never => {
    throw new Error('hunter2');
  };
  const trapped = new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap });

  it.each([[{ content: [circular] }], [{ content: [{ type: 'text', text: 1n }] }], [trapped], [{ toJSON: trap }]])(
    'is masked like any error of a handler (returned, %#)',
    async (value) => {
      const { odin, logged } = createFixture();
      odin.tool({ name: 'odd' }, () => value);
      const response = await odin.fetch(modernRequest('tools/call', { name: 'odd' }));
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({
        id: 1,
        result: { isError: true, content: [{ text: expect.stringMatching(/^Internal error\. Reference: /) }] },
      });
      expect(logged).toHaveLength(1);
    },
  );

  it('is masked also when middleware throws it, or an RpcError carries it', async () => {
    for (const thrown of [trapped, new RpcError(-32_000, 'x', circular)]) {
      const { odin } = createFixture();
      odin.use(() => {
        throw thrown;
      });
      const response = await odin.fetch(modernRequest('tools/list'));
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({
        id: 1,
        error: { message: expect.stringMatching(/^Internal error/) },
      });
    }
  });

  it('ends no process when it is said without being awaited', async () => {
    const { odin } = createFixture();
    odin.tool({ name: 'careless' }, (context) => {
      void context.log.error(circular);
      void context.progress(1n as unknown as number);
      return 'said';
    });
    const meta = { progressToken: 1, 'io.modelcontextprotocol/logLevel': 'debug' };
    const response = await odin.fetch(modernRequest('tools/call', { name: 'careless' }, { meta }));
    expect(await response.json()).toMatchObject({ result: { content: [{ text: 'said' }] } });
  });
});

describe('objects where text belongs', () => {
  const odd = { toString: null, valueOf: null };

  it('are refused, not converted', async () => {
    const { odin } = createFixture();
    const call = await odin.fetch(modernRequest('tools/call', { name: odd }));
    expect(await call.json()).toMatchObject({ error: { code: -32_602 } });
    const meta = { 'io.modelcontextprotocol/protocolVersion': odd };
    const version = await odin.fetch(modernRequest('tools/call', ADD, { meta }));
    expect(version.status).toBe(400);
  });
});

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
