import type { Random } from './random.ts';

/** Values that have broken servers elsewhere. */
const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER + 1,
  '',
  ' ',
  '0',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  '\udc00\ud800',
  '\u2028\n\r\n\r\ndata: x\n\n',
  '%',
  '%00%ff',
  '../'.repeat(50),
  'x'.repeat(5_000),
  '=?base64?////?=',
  '2026-07-28',
  '2025-11-25',
  [],
  [[]],
  {},
  { toString: null, valueOf: 1, toJSON: 'x' },
  { length: 1e9 },
  JSON.parse('{"__proto__":{"polluted":true}}'),
  JSON.parse('{"constructor":{"prototype":{"polluted":true}}}'),
];

const KEYS: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  'length',
  '',
  '\u0000',
  'id',
  'method',
  'params',
  'result',
  'error',
  'jsonrpc',
  '_meta',
  'name',
  'uri',
  'arguments',
  'cursor',
  'progressToken',
  'inputResponses',
  'requestState',
  'io.modelcontextprotocol/protocolVersion',
  'io.modelcontextprotocol/clientCapabilities',
  'io.modelcontextprotocol/clientInfo',
  'io.modelcontextprotocol/logLevel',
];

export function strangeValue(random: Random): unknown {
  if (random.chance(0.05)) return nested(random.pick([10, 100, 1_000]), random.chance(0.5));
  if (random.chance(0.1)) return random.next() * 10 ** random.below(300);
  return random.pick(VALUES);
}

export function strangeKey(random: Random): string {
  return random.pick(KEYS);
}

function nested(depth: number, inArrays: boolean): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = inArrays ? [value] : { a: value };
  return value;
}
