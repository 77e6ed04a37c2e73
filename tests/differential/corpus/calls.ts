import { type Case, legacy, modern } from '../request.ts';

/** Arguments of `tools/call`, by tool: fitting, unfitting, and none. */
const ARGUMENTS: Readonly<Record<string, readonly unknown[]>> = {
  hello: [{}, { extra: 1 }],
  echo: [
    { text: '' },
    { text: 'plain' },
    { text: 'Grüße 🌍 日本語 \u2028\u2029' },
    { text: '\u0000\u0007\ud800' },
    { text: '{"json":"inside"}\n\n: not a comment\ndata: not an event' },
    { text: 5 },
    { text: null },
    { text: ['a'] },
    {},
    { text: 'a', extra: true },
    { Text: 'wrong case' },
    JSON.parse('{"text":"a","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  ],
  add: [
    { a: 1 },
    { a: 1, b: 2 },
    { a: -0, b: 0.1 },
    { a: 1e308, b: 1e308 },
    { a: Number.MAX_SAFE_INTEGER, b: 1 },
    { a: '1' },
    { b: 2 },
    { a: null },
    { a: true },
  ],
  typed: [
    {},
    { flag: true, count: 10, kind: 'large', tags: ['a', 'b'], maybe: null },
    { flag: 'true' },
    { count: 11 },
    { count: -1 },
    { count: 1.5 },
    { kind: 'medium' },
    { tags: ['a', 'b', 'c', 'd'] },
    { tags: ['a', 2] },
    { tags: { 0: 'a' } },
    { nested: { deep: { value: 'here' } } },
    { nested: { deep: {} } },
    { nested: { deep: null } },
    { free: { any: [1, { thing: null }] } },
    { maybe: 'text' },
    { count: 11, kind: 'medium', tags: 1 },
  ],
  'json-schema': [
    { code: 'ABC' },
    { code: 'ABC', size: 2 },
    { code: 'abc' },
    { code: 'ABC', size: 0 },
    { code: 'ABC', size: 1.5 },
    { code: 'ABC', more: 1 },
    {},
  ],
  logs: [{}],
  media: [{}],
  empty: [{}],
  failing: [{}],
  refusing: [{}],
  crashing: [{}],
  unfit: [{}],
};

/** Other shapes of `params.arguments` and `params.name`. */
const SHAPES: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['no arguments member', { name: 'hello' }],
  ['no arguments member where some are needed', { name: 'echo' }],
  ['null arguments', { name: 'hello', arguments: null }],
  ['array arguments', { name: 'echo', arguments: ['a'] }],
  ['text arguments', { name: 'echo', arguments: 'a' }],
  ['number arguments', { name: 'echo', arguments: 1 }],
  ['no name', { arguments: {} }],
  ['empty name', { name: '', arguments: {} }],
  ['number name', { name: 5, arguments: {} }],
  ['null name', { name: null, arguments: {} }],
  ['array name', { name: ['echo'], arguments: {} }],
  ['unknown name', { name: 'nothing', arguments: {} }],
  ['unicode name', { name: 'Grüße 🌍', arguments: {} }],
  ['name of an object member', { name: 'constructor', arguments: {} }],
  ['name __proto__', { name: '__proto__', arguments: {} }],
  ['name with spaces around', { name: ' echo ', arguments: { text: 'a' } }],
  ['name in capitals', { name: 'ECHO', arguments: { text: 'a' } }],
  ['further params', { name: 'hello', arguments: {}, extra: { any: 1 } }],
];

const PROGRESS_TOKENS: readonly unknown[] = ['token', 7, 0, '', 'ü'];
const BAD_PROGRESS_TOKENS: readonly unknown[] = [null, true, 1.5, {}, ['a']];
const LEVELS: readonly unknown[] = ['debug', 'info', 'notice', 'warning', 'error', 'emergency', 'loud', 3, null];

const progress = { name: 'steps', arguments: { count: 3 } };
const logs = { name: 'logs', arguments: {} };
const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';

export const CALLS: readonly Case[] = [
  ...Object.entries(ARGUMENTS).flatMap(([name, every]) =>
    every.flatMap((args, at) => [
      modern(`call ${name} #${at}`, 'tools/call', { name, arguments: args }),
      legacy(`legacy call ${name} #${at}`, 'tools/call', { name, arguments: args }),
    ]),
  ),
  ...SHAPES.flatMap(([what, params]) => [
    modern(`call with ${what}`, 'tools/call', params),
    legacy(`legacy call with ${what}`, 'tools/call', params),
  ]),
  ...PROGRESS_TOKENS.flatMap((progressToken) => [
    modern(`progress to ${JSON.stringify(progressToken)}`, 'tools/call', progress, { meta: { progressToken } }),
    legacy(`legacy progress to ${JSON.stringify(progressToken)}`, 'tools/call', {
      ...progress,
      _meta: { progressToken },
    }),
  ]),
  ...BAD_PROGRESS_TOKENS.map((progressToken) =>
    modern(`bad progress token ${JSON.stringify(progressToken)}`, 'tools/call', progress, { meta: { progressToken } }),
  ),
  modern('progress that nobody asked for', 'tools/call', progress),
  ...LEVELS.map((level) =>
    modern(`logs from ${JSON.stringify(level)}`, 'tools/call', logs, { meta: { [LOG_LEVEL]: level } }),
  ),
];
