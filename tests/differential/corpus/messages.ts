import { BASE_HEADERS, type Case, ENVELOPE, legacy, MODERN_VERSION, modern, raw } from '../request.ts';

const MODERN_HEADERS = { ...BASE_HEADERS, 'mcp-protocol-version': MODERN_VERSION, 'mcp-method': 'tools/list' };
const VERSION = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const INFO = 'io.modelcontextprotocol/clientInfo';

const IDS: readonly unknown[] = [
  0,
  -1,
  Number.MAX_SAFE_INTEGER,
  1e21,
  1.5,
  '',
  'text',
  '1',
  'Grüße 🌍',
  '"quoted"\n',
  'x'.repeat(300),
  null,
  true,
  {},
  ['a'],
];

const ENVELOPES: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['no version', { [VERSION]: undefined }],
  ['a number as version', { [VERSION]: 5 }],
  ['a null version', { [VERSION]: null }],
  ['an older version', { [VERSION]: '2025-11-25' }],
  ['an unknown version', { [VERSION]: '2099-01-01' }],
  ['no capabilities', { [CAPABILITIES]: undefined }],
  ['null capabilities', { [CAPABILITIES]: null }],
  ['array capabilities', { [CAPABILITIES]: [] }],
  ['a text as capabilities', { [CAPABILITIES]: 'all' }],
  ['known capabilities', { [CAPABILITIES]: { elicitation: { form: {} }, sampling: {}, roots: { listChanged: true } } }],
  ['unknown capabilities', { [CAPABILITIES]: { levitation: {} } }],
  ['broken capabilities', { [CAPABILITIES]: { sampling: 5 } }],
  ['extensions', { [CAPABILITIES]: { extensions: { 'example.com/x': {} } } }],
  ['no client info', { [INFO]: undefined }],
  ['client info without version', { [INFO]: { name: 'x' } }],
  ['a text as client info', { [INFO]: 'x' }],
  ['null client info', { [INFO]: null }],
  ['full client info', { [INFO]: { name: 'x', version: '1', title: 'X', websiteUrl: 'https://x.example' } }],
  ['trace context', { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }],
  ['unknown members', { 'example.com/any': { deep: [1] }, plain: null }],
];

const MEMBERS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['no jsonrpc', { jsonrpc: undefined }],
  ['jsonrpc 1.0', { jsonrpc: '1.0' }],
  ['jsonrpc as number', { jsonrpc: 2 }],
  ['no method', { method: undefined }],
  ['a number as method', { method: 5 }],
  ['a null method', { method: null }],
  ['a further member', { extra: 1 }],
  ['a result beside', { result: {} }],
  ['an error beside', { error: { code: 1, message: 'x' } }],
];

const PARAMS: readonly unknown[] = [undefined, null, 5, 'text', [], ['a'], true];

/** Bodies that are no request at all. */
const BODIES: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['a space', ' '],
  ['half an object', '{"jsonrpc":"2.0"'],
  ['a trailing comma', '{"jsonrpc":"2.0","id":1,"method":"ping",}'],
  ['single quotes', "{'jsonrpc':'2.0','id':1,'method':'ping'}"],
  ['two messages', '{"jsonrpc":"2.0","id":1,"method":"ping"}{"jsonrpc":"2.0","id":2,"method":"ping"}'],
  ['NaN', '{"jsonrpc":"2.0","id":NaN,"method":"ping"}'],
  ['null', 'null'],
  ['true', 'true'],
  ['a number', '5'],
  ['a text', '"ping"'],
  ['an empty object', '{}'],
  ['an empty array', '[]'],
  ['an array of null', '[null]'],
  ['a batch of one', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]'],
  ['a batch of two', '[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}]'],
  ['a batch of notifications', '[{"jsonrpc":"2.0","method":"notifications/initialized"}]'],
  ['another object', '{"hello":"world"}'],
  ['a method alone', '{"method":"ping"}'],
  ['a response', '{"jsonrpc":"2.0","id":1,"result":{}}'],
  ['an error response', '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"x"}}'],
  ['an error response without id', '{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"x"}}'],
  ['a broken error response', '{"jsonrpc":"2.0","id":1,"error":"x"}'],
  ['a byte order mark', '\ufeff{"jsonrpc":"2.0","id":1,"method":"ping"}'],
  ['spaces around', '\r\n\t {"jsonrpc":"2.0","id":1,"method":"ping"} \n'],
  ['the id twice', '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}'],
  ['the method twice', '{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"ping"}'],
  ['__proto__ as member', '{"jsonrpc":"2.0","id":1,"method":"ping","__proto__":{"id":2}}'],
  ['a huge exponent as id', '{"jsonrpc":"2.0","id":1e400,"method":"ping"}'],
  ['a lone surrogate as id', '{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}'],
];

const METHODS = [
  'ping',
  'initialize',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
  'tasks/get',
  'tasks/list',
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
  'tools/destroy',
  'rpc.discover',
  'TOOLS/LIST',
  'tools/list ',
  '',
  'constructor',
  '__proto__',
  'Grüße 🌍',
] as const;

const NOTIFICATIONS = [
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
  'notifications/unknown',
  'tools/list',
] as const;

export const MESSAGES: readonly Case[] = [
  ...IDS.flatMap((id) => [
    modern(`id ${JSON.stringify(id).slice(0, 40)}`, 'tools/call', { name: 'hello' }, { id }),
    legacy(`legacy id ${JSON.stringify(id).slice(0, 40)}`, 'ping', {}, { id }),
  ]),
  ...ENVELOPES.map(([what, meta]) => modern(`envelope with ${what}`, 'tools/call', { name: 'hello' }, { meta })),
  ...MEMBERS.flatMap(([what, members]) => [
    modern(`message with ${what}`, 'tools/list', {}, { members }),
    legacy(`legacy message with ${what}`, 'ping', {}, { members }),
  ]),
  ...PARAMS.flatMap((params) => [
    modern(`params ${JSON.stringify(params)}`, 'tools/list', {}, { members: { params } }),
    legacy(`legacy params ${JSON.stringify(params)}`, 'tools/list', {}, { members: { params } }),
    legacy(`legacy call params ${JSON.stringify(params)}`, 'tools/call', {}, { members: { params } }),
  ]),
  ...[null, 5, 'text', [], true].map((meta) =>
    modern(`_meta ${JSON.stringify(meta)}`, 'tools/list', {}, { members: { params: { _meta: meta } } }),
  ),
  ...BODIES.flatMap(([what, body]) => [
    raw(`body of ${what}`, body, MODERN_HEADERS),
    raw(`legacy body of ${what}`, body, BASE_HEADERS),
  ]),
  ...METHODS.flatMap((method) => [
    modern(`method ${JSON.stringify(method)}`, method, {}, { headers: { 'mcp-method': headerSafe(method) } }),
    legacy(`legacy method ${JSON.stringify(method)}`, method, {}),
  ]),
  ...NOTIFICATIONS.flatMap((method) => [
    modern(`notification ${method}`, method, {}, { members: { id: undefined } }),
    legacy(`legacy notification ${method}`, method, {}, { members: { id: undefined } }),
  ]),
  raw(
    'a modern request under headers of an older era',
    JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: ENVELOPE } }),
    BASE_HEADERS,
  ),
];

function headerSafe(method: string): string {
  return Buffer.from(method, 'utf8').toString('latin1').trim();
}
