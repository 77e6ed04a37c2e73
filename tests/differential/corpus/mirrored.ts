import { base64Sentinel, type Case, legacy, modern } from '../request.ts';

/** Arguments of the tool `mirrored`, with the Mcp-Param headers that come with them. */
const MIRRORED: readonly (readonly [string, Readonly<Record<string, unknown>>, Readonly<Record<string, string>>])[] = [
  ['the same text', { region: 'eu' }, { 'mcp-param-region': 'eu' }],
  ['another text', { region: 'eu' }, { 'mcp-param-region': 'us' }],
  ['no header', { region: 'eu' }, {}],
  ['a header without an argument', {}, { 'mcp-param-region': 'eu' }],
  ['a null argument', { region: null }, {}],
  ['an empty text', { region: '' }, { 'mcp-param-region': '' }],
  ['a text in Base64', { region: 'zürich' }, { 'mcp-param-region': base64Sentinel('zürich') }],
  ['another text in Base64', { region: 'zürich' }, { 'mcp-param-region': base64Sentinel('genf') }],
  ['broken Base64', { region: 'zürich' }, { 'mcp-param-region': '=?base64?!!?=' }],
  ['the same integer', { size: 7 }, { 'mcp-param-size': '7' }],
  ['an integer as decimal', { size: 7 }, { 'mcp-param-size': '7.0' }],
  ['an integer in exponent form', { size: 7 }, { 'mcp-param-size': '7e0' }],
  ['another integer', { size: 7 }, { 'mcp-param-size': '8' }],
  ['a negative integer', { size: -7 }, { 'mcp-param-size': '-7' }],
  ['a text where an integer belongs', { size: 'seven' }, { 'mcp-param-size': 'seven' }],
  ['the same boolean', { dry: true }, { 'mcp-param-dry': 'true' }],
  ['another boolean', { dry: true }, { 'mcp-param-dry': 'false' }],
  ['a boolean in capitals', { dry: true }, { 'mcp-param-dry': 'TRUE' }],
  ['a boolean as number', { dry: true }, { 'mcp-param-dry': '1' }],
  [
    'all three',
    { region: 'eu', size: 1, dry: false },
    { 'mcp-param-region': 'eu', 'mcp-param-size': '1', 'mcp-param-dry': 'false' },
  ],
  [
    'one of three wrong',
    { region: 'eu', size: 1, dry: false },
    { 'mcp-param-region': 'eu', 'mcp-param-size': '2', 'mcp-param-dry': 'false' },
  ],
];

export const MIRRORED_CASES: readonly Case[] = MIRRORED.flatMap(([what, args, headers]) => [
  modern(`mirrored: ${what}`, 'tools/call', { name: 'mirrored', arguments: args }, { headers }),
  legacy(`legacy mirrored: ${what}`, 'tools/call', { name: 'mirrored', arguments: args }, { headers }),
]);
