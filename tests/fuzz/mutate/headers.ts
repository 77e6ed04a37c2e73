import type { Random } from '../random.ts';

const NAMES: readonly string[] = [
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-param-region',
  'mcp-session-id',
  'last-event-id',
  'content-type',
  'content-length',
  'accept',
  'authorization',
  'origin',
  'host',
  'grip-sig',
  'grip-last',
  'x-forwarded-host',
];

const VALUES: readonly string[] = [
  '',
  ' ',
  '2026-07-28',
  '2025-11-25',
  '2025-11-25, 2026-07-28',
  'tools/call',
  'tools/list',
  'echo',
  '=?base64?ZWNobw==?=',
  '=?base64?%%%?=',
  'Bearer x',
  'Bearer a.b.c',
  'application/json',
  'text/event-stream',
  'application/json; charset="',
  'null',
  'http://evil.example',
  'localhost',
  '127.0.0.1:99999',
  'a'.repeat(4_000),
  '\u00ff\u0080',
  '-1',
  '99999999999999999999',
];

/** Takes away, replaces or adds one header. */
export function mutateHeaders(headers: Readonly<Record<string, string>>, random: Random): Record<string, string> {
  const names = Object.keys(headers);
  const name = names.length > 0 && random.chance(0.6) ? random.pick(names) : random.pick(NAMES);
  const { [name]: old, ...rest } = headers;
  if (old !== undefined && random.chance(0.3)) return rest;
  return { ...rest, [name]: random.chance(0.2) ? `${old ?? ''}${random.pick(VALUES)}` : random.pick(VALUES) };
}
