type Json = Record<string, unknown>;

export interface Case {
  name: string;
  request: Request;
  /** Why Odin answers otherwise than the SDK. Absent: both answer alike. */
  differs?: string;
}

const version = '2026-07-28';
const meta = {
  'io.modelcontextprotocol/protocolVersion': version,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'corpus', version: '1' },
};
const namedBy: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

interface Sent {
  body?: unknown;
  method?: string;
  /** Changes to the headers; null leaves one out. */
  headers?: Record<string, string | null>;
  differs?: string;
}

function toCase(name: string, { body, method = 'POST', headers = {}, differs }: Sent): Case {
  const all = new Headers({ 'content-type': 'application/json', accept: 'application/json, text/event-stream' });
  for (const [key, value] of Object.entries(headers)) {
    if (value === null) all.delete(key);
    else all.set(key, value);
  }
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  const bodyless = method === 'GET' || method === 'DELETE';
  const request = new Request('http://localhost/mcp', {
    method,
    headers: all,
    ...(!bodyless && { body: content ?? '' }),
  });
  return { name, request, ...(differs !== undefined && { differs }) };
}

/** A request of 2026-07-28 with the headers that go with it. */
function modern(
  name: string,
  rpcMethod: string,
  params: Json = {},
  change: Sent & { id?: unknown; meta?: Json } = {},
): Case {
  const named = params[namedBy[rpcMethod] ?? ''];
  const headers = {
    'mcp-protocol-version': version,
    'mcp-method': rpcMethod,
    ...(typeof named === 'string' && { 'mcp-name': named }),
    ...change.headers,
  };
  const id = 'id' in change ? change.id : 1;
  const body = { jsonrpc: '2.0', id, method: rpcMethod, params: { _meta: { ...meta, ...change.meta }, ...params } };
  return toCase(name, { body, ...change, headers });
}

/** A request of an older revision; no revision header when `revision` is null. */
function legacy(
  name: string,
  rpcMethod: string,
  params: Json,
  revision: string | null = '2025-11-25',
  differs?: string,
): Case {
  const body = { jsonrpc: '2.0', id: 1, method: rpcMethod, params };
  const headers = { 'mcp-protocol-version': revision };
  return toCase(`2025: ${name}`, { body, headers, ...(differs !== undefined && { differs }) });
}

function raw(
  name: string,
  body: unknown,
  headers: Sent['headers'] = { 'mcp-protocol-version': version, 'mcp-method': 'tools/list' },
): Case {
  return toCase(name, { body, headers });
}

const key = 'io.modelcontextprotocol/';
const noCapabilities =
  'a stateless answer cannot carry changes or logs to an old client, so Odin does not promise them';
const invalidParams = 'the SDK lets its schema error through as an internal error; bad params are -32602';
const client = { capabilities: {}, clientInfo: { name: 'corpus', version: '1' } };

export const corpus: readonly Case[] = [
  modern('discover', 'server/discover'),
  modern('list tools', 'tools/list'),
  modern(
    'list tools with a cursor',
    'tools/list',
    { cursor: 'x' },
    { differs: 'Odin has pages, and refuses a cursor it did not make' },
  ),
  modern('call', 'tools/call', { name: 'add', arguments: { a: 1, b: 2 } }),
  modern('call with a default', 'tools/call', { name: 'add', arguments: { a: 1 } }),
  modern('call with bad arguments', 'tools/call', { name: 'add', arguments: { a: 'x' } }),
  modern('call without arguments that are needed', 'tools/call', { name: 'add' }),
  modern('call with a string for arguments', 'tools/call', { name: 'add', arguments: 'x' }),
  modern('call with an array for arguments', 'tools/call', { name: 'add', arguments: [1] }),
  modern('call without arguments', 'tools/call', { name: 'plain' }),
  modern('call with surplus arguments', 'tools/call', { name: 'plain', arguments: { q: 1 } }),
  modern('call that fails', 'tools/call', { name: 'fail', arguments: {} }),
  modern('progress that nobody asked for', 'tools/call', { name: 'progress', arguments: {} }),
  modern('progress', 'tools/call', { name: 'progress', arguments: {} }, { meta: { progressToken: 'p' } }),
  modern('progress with token 0', 'tools/call', { name: 'progress', arguments: {} }, { meta: { progressToken: 0 } }),
  modern('unknown tool', 'tools/call', { name: 'zzz', arguments: {} }),
  modern('call without a name', 'tools/call', { arguments: {} }),
  modern('call with a number for a name', 'tools/call', { name: 7 }),
  modern('list resources', 'resources/list'),
  modern('list templates', 'resources/templates/list'),
  modern('read', 'resources/read', { uri: 'note://static' }),
  modern('read by template', 'resources/read', { uri: 'note://7' }),
  modern(
    'read with percent-encoding',
    'resources/read',
    { uri: 'note://a%20b' },
    { differs: 'Odin decodes variables' },
  ),
  modern('read unknown', 'resources/read', { uri: 'zz://7' }),
  modern('read nothing', 'resources/read', {}, { differs: invalidParams }),
  modern(
    'read what is no URI',
    'resources/read',
    { uri: 'not a uri' },
    { differs: 'for Odin it is one more unknown URI' },
  ),
  modern('list prompts', 'prompts/list'),
  modern('prompt', 'prompts/get', { name: 'explain', arguments: { topic: 't' } }),
  modern('prompt without its argument', 'prompts/get', { name: 'explain', arguments: {} }),
  modern(
    'prompt with a number',
    'prompts/get',
    { name: 'explain', arguments: { topic: 5 } },
    { differs: invalidParams },
  ),
  modern('unknown prompt', 'prompts/get', { name: 'zzz' }),
  modern('unknown method', 'foo/bar'),
  modern('removed method ping', 'ping'),
  modern('removed method initialize', 'initialize', { protocolVersion: version, ...client }),
  modern('string id', 'tools/call', { name: 'plain' }, { id: 'abc' }),
  modern('id 0', 'tools/call', { name: 'plain' }, { id: 0 }),
  modern('null id', 'tools/call', { name: 'plain' }, { id: null }),
  modern('fractional id', 'tools/call', { name: 'plain' }, { id: 1.5 }),
  modern('object id', 'tools/call', { name: 'plain' }, { id: {} }),
  modern(
    'unknown revision',
    'tools/list',
    {},
    { meta: { [`${key}protocolVersion`]: '2031-01-01' }, headers: { 'mcp-protocol-version': '2031-01-01' } },
  ),
  modern('revision that is a number', 'tools/list', {}, { meta: { [`${key}protocolVersion`]: 5 } }),
  modern('capabilities that are a number', 'tools/list', {}, { meta: { [`${key}clientCapabilities`]: 5 } }),
  modern('client that is a number', 'tools/list', {}, { meta: { [`${key}clientInfo`]: 5 } }),
  modern('unknown log level', 'tools/call', { name: 'plain' }, { meta: { [`${key}logLevel`]: 'zzz' } }),
  modern('revision header of another', 'tools/list', {}, { headers: { 'mcp-protocol-version': '2025-11-25' } }),
  modern('no revision header', 'tools/list', {}, { headers: { 'mcp-protocol-version': null } }),
  modern('method header of another', 'tools/list', {}, { headers: { 'mcp-method': 'prompts/list' } }),
  modern('no method header', 'tools/list', {}, { headers: { 'mcp-method': null } }),
  modern('name header of another', 'tools/call', { name: 'plain' }, { headers: { 'mcp-name': 'zzz' } }),
  modern('no name header', 'tools/call', { name: 'plain' }, { headers: { 'mcp-name': null } }),
  modern('name header in Base64', 'tools/call', { name: 'plain' }, { headers: { 'mcp-name': '=?base64?cGxhaW4=?=' } }),
  modern(
    'name header in broken Base64',
    'tools/call',
    { name: 'plain' },
    { headers: { 'mcp-name': '=?base64?cGxh!?=' } },
  ),
  modern('name header without need', 'tools/list', {}, { headers: { 'mcp-name': 'zzz' } }),
  modern('text', 'tools/list', {}, { headers: { 'content-type': 'text/plain' } }),
  modern('charset', 'tools/list', {}, { headers: { 'content-type': 'application/json; charset=utf-8' } }),
  modern('accepts JSON only', 'tools/list', {}, { headers: { accept: 'application/json' } }),
  modern('accepts nothing named', 'tools/list', {}, { headers: { accept: null } }),
  modern('accepts HTML', 'tools/list', {}, { headers: { accept: 'text/html' } }),
  modern('listen to a number', 'subscriptions/listen', { notifications: { resourceSubscriptions: 5 } }),
  modern('listen without a filter', 'subscriptions/listen', {}),
  raw('notification', { jsonrpc: '2.0', method: 'notifications/cancelled', params: { _meta: meta, requestId: 1 } }),
  raw('notification without an envelope', { jsonrpc: '2.0', method: 'notifications/initialized' }),
  raw(
    'notification of an unknown revision',
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { 'mcp-protocol-version': '1999-01-01' },
  ),
  raw(
    'old notification',
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { 'mcp-protocol-version': '2025-11-25' },
  ),
  raw('old response', { jsonrpc: '2.0', id: 1, result: {} }, { 'mcp-protocol-version': '2025-11-25' }),
  raw('response', { jsonrpc: '2.0', id: 1, result: {} }),
  raw('JSON-RPC 1.0', { jsonrpc: '1.0', id: 1, method: 'tools/list', params: { _meta: meta } }),
  raw('no JSON-RPC', { id: 1, method: 'tools/list', params: { _meta: meta } }),
  raw('params that are an array', { jsonrpc: '2.0', id: 1, method: 'tools/list', params: [] }),
  raw('no params', { jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  raw('no capabilities', {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/list',
    params: { _meta: { [`${key}protocolVersion`]: version } },
  }),
  raw('no envelope under the modern header', { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  ...['', 'null', '5', '[]', '{'].map((body) => raw(`body ${JSON.stringify(body)}`, body)),
  toCase('GET', { method: 'GET' }),
  toCase('DELETE', { method: 'DELETE' }),
  toCase('PUT', { method: 'PUT', body: {} }),
  ...['2025-11-25', '2024-11-05', '1999-01-01', version].map((revision) =>
    legacy(`initialize ${revision}`, 'initialize', { protocolVersion: revision, ...client }, null, noCapabilities),
  ),
  legacy('initialize without what it needs', 'initialize', {}, null, invalidParams),
  legacy('list tools', 'tools/list', {}),
  legacy('list tools without a revision', 'tools/list', {}, null),
  legacy('call', 'tools/call', { name: 'add', arguments: { a: 1 } }, '2025-06-18'),
  legacy('unknown tool', 'tools/call', { name: 'zzz' }),
  legacy('read unknown', 'resources/read', { uri: 'zz://1' }),
  legacy('prompt', 'prompts/get', { name: 'explain', arguments: { topic: 't' } }),
  legacy('ping', 'ping', {}),
  legacy('unknown method', 'foo/bar', {}),
  legacy('unknown revision', 'tools/list', {}, '1999-01-01'),
  legacy('modern method', 'server/discover', {}),
];
