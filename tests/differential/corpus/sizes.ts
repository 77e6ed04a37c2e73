import { BASE_HEADERS, type Case, ENVELOPE, legacy, MODERN_VERSION, modern, raw } from '../request.ts';

const CALL_HEADERS = {
  ...BASE_HEADERS,
  'mcp-protocol-version': MODERN_VERSION,
  'mcp-method': 'tools/call',
  'mcp-name': 'typed',
};

/** Request texts that no serializer would make. */
function call(freeText: string): string {
  return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"typed","arguments":{"free":${freeText}},"_meta":${JSON.stringify(ENVELOPE)}}}`;
}

const TEXTS: readonly (readonly [string, string])[] = [
  ['nesting of 100 arrays', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`],
  ['nesting of 1,000 objects', `${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`],
  ['10,000 members', `{${Array.from({ length: 10_000 }, (_, at) => `"k${at}":${at}`).join(',')}}`],
  ['10,000 items', `{"a":[${Array.from({ length: 10_000 }, (_, at) => at).join(',')}]}`],
  ['giant numbers', '{"a":1e308,"b":-1e308,"c":1e-400,"d":123456789012345678901234567890,"e":1e400}'],
  ['duplicate keys', '{"a":1,"a":2,"\\u0061":3}'],
  ['keys of prototypes', '{"constructor":{"prototype":{"x":1}},"toString":1,"hasOwnProperty":2}'],
  ['the key __proto__', '{"__proto__":{"x":1}}'],
  ['an empty key', '{"":{"":{"":1}}}'],
  ['escapes', '{"\\u0000\\ud83c\\udf0d":"\\u0000\\ud800\\\\\\"\\/\\b\\f\\n\\r\\t"}'],
  ['a long key', `{"${'k'.repeat(10_000)}":1}`],
];

export const SIZES: readonly Case[] = [
  ...TEXTS.flatMap(([what, text]) => [
    raw(`call with ${what}`, call(text), CALL_HEADERS),
    raw(`legacy call with ${what}`, call(text).replace(`,"_meta":${JSON.stringify(ENVELOPE)}`, ''), BASE_HEADERS),
  ]),
  ...[1_000, 100_000, 250_000].flatMap((length) => [
    modern(`echo of ${length} characters`, 'tools/call', { name: 'echo', arguments: { text: 'ä'.repeat(length) } }),
    legacy(`legacy echo of ${length} characters`, 'tools/call', {
      name: 'echo',
      arguments: { text: 'ä'.repeat(length) },
    }),
  ]),
  modern('a body over 4 MiB', 'tools/call', { name: 'echo', arguments: { text: 'x'.repeat(4_200_000) } }),
  legacy('legacy body over 4 MiB', 'tools/call', { name: 'echo', arguments: { text: 'x'.repeat(4_200_000) } }),
];
