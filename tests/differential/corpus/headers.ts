import { base64Sentinel, type Case, legacy, modern } from '../request.ts';

const echo = { name: 'echo', arguments: { text: 'a' } };
type Headers = Readonly<Record<string, string | undefined>>;

/** What a correct call's headers are changed to. */
const ON_A_CALL: readonly (readonly [string, Headers])[] = [
  ['no Mcp-Method', { 'mcp-method': undefined }],
  ['an empty Mcp-Method', { 'mcp-method': '' }],
  ['another Mcp-Method', { 'mcp-method': 'tools/list' }],
  ['Mcp-Method in capitals', { 'mcp-method': 'TOOLS/CALL' }],
  ['Mcp-Method in Base64', { 'mcp-method': base64Sentinel('tools/call') }],
  ['no Mcp-Name', { 'mcp-name': undefined }],
  ['an empty Mcp-Name', { 'mcp-name': '' }],
  ['another Mcp-Name', { 'mcp-name': 'add' }],
  ['Mcp-Name in capitals', { 'mcp-name': 'ECHO' }],
  ['Mcp-Name in Base64', { 'mcp-name': base64Sentinel('echo') }],
  ['another Mcp-Name in Base64', { 'mcp-name': base64Sentinel('add') }],
  ['Mcp-Name in broken Base64', { 'mcp-name': '=?base64?!!!?=' }],
  ['Mcp-Name in unpadded Base64', { 'mcp-name': '=?base64?ZWNobw?=' }],
  ['Mcp-Name in Base64 that is no UTF-8', { 'mcp-name': '=?base64?/////w==?=' }],
  ['Mcp-Name with half a sentinel', { 'mcp-name': '=?base64?ZWNobw==' }],
  ['Mcp-Name with a sentinel in capitals', { 'mcp-name': '=?BASE64?ZWNobw==?=' }],
  ['Mcp-Name twice', { 'mcp-name': 'echo, echo' }],
  ['no MCP-Protocol-Version', { 'mcp-protocol-version': undefined }],
  ['an empty MCP-Protocol-Version', { 'mcp-protocol-version': '' }],
  ['an older MCP-Protocol-Version', { 'mcp-protocol-version': '2025-11-25' }],
  ['an unknown MCP-Protocol-Version', { 'mcp-protocol-version': '2099-01-01' }],
  ['no version and no method', { 'mcp-protocol-version': undefined, 'mcp-method': undefined }],
  ['no Mcp header at all', { 'mcp-protocol-version': undefined, 'mcp-method': undefined, 'mcp-name': undefined }],
  ['a session id', { 'mcp-session-id': 'abc' }],
  ['a Last-Event-ID', { 'last-event-id': '7' }],
  ['an unknown Mcp header', { 'mcp-other': 'x' }],
  ['an Mcp-Param header that nothing mirrors', { 'mcp-param-text': 'b' }],
];

const CONTENT_TYPES: readonly (string | undefined)[] = [
  undefined,
  'application/json; charset=utf-8',
  'application/json;charset=UTF-8',
  'APPLICATION/JSON',
  'application/json ; x=y',
  'application/json, text/plain',
  'text/plain',
  'text/plain; application/json',
  'application/jsonx',
  'application/vnd.api+json',
  'multipart/form-data; boundary=x',
  '',
];

const ACCEPTS: readonly (string | undefined)[] = [
  undefined,
  '*/*',
  'application/json',
  'text/event-stream',
  'text/html',
  'application/json;q=0.5, text/event-stream;q=1',
  'application/*, text/*',
  '',
];

/** MCP-Protocol-Version on requests of older eras. */
const LEGACY_VERSIONS: readonly (string | undefined)[] = [
  undefined,
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
  '2024-10-07',
  '2026-07-28',
  '1999-01-01',
  'latest',
  '',
];

const NAMED: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
  ['resources/read', { uri: 'note://today' }, 'note://1'],
  ['prompts/get', { name: 'greet' }, 'explain'],
];

export const HEADERS: readonly Case[] = [
  ...ON_A_CALL.map(([what, headers]) => modern(`call under ${what}`, 'tools/call', echo, { headers })),
  ...CONTENT_TYPES.flatMap((type) => [
    modern(`content type ${JSON.stringify(type)}`, 'tools/call', echo, { headers: { 'content-type': type } }),
    legacy(`legacy content type ${JSON.stringify(type)}`, 'ping', {}, { headers: { 'content-type': type } }),
  ]),
  ...ACCEPTS.flatMap((accept) => [
    modern(`accept ${JSON.stringify(accept)}`, 'tools/call', echo, { headers: { accept } }),
    legacy(`legacy accept ${JSON.stringify(accept)}`, 'ping', {}, { headers: { accept } }),
  ]),
  ...LEGACY_VERSIONS.map((version) =>
    legacy(
      `legacy version header ${JSON.stringify(version)}`,
      'ping',
      {},
      { headers: { 'mcp-protocol-version': version } },
    ),
  ),
  legacy('legacy with Mcp-Method that disagrees', 'ping', {}, { headers: { 'mcp-method': 'tools/list' } }),
  legacy('legacy with a session id', 'ping', {}, { headers: { 'mcp-session-id': 'abc' } }),
  ...NAMED.flatMap(([method, params, other]) => [
    modern(`${method} under no Mcp-Name`, method, params, { headers: { 'mcp-name': undefined } }),
    modern(`${method} under another Mcp-Name`, method, params, { headers: { 'mcp-name': other } }),
    modern(`${method} under Mcp-Name in Base64`, method, params, {
      headers: { 'mcp-name': base64Sentinel(String(params.uri ?? params.name)) },
    }),
  ]),
  modern('tools/list under an Mcp-Name that it does not need', 'tools/list', {}, { headers: { 'mcp-name': 'echo' } }),
];
