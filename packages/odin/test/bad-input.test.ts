import { describe, expect, it } from 'vitest';
import { createFixture, ENVELOPE, modernRequest, post } from './fixture.ts';

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
