import { type Case, legacy, modern } from '../request.ts';

const PARAMS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['right params', { rows: [1, 2] }],
  ['a title', { rows: [], title: '🌍' }],
  ['an unknown member', { rows: [3], other: 1 }],
  ['no params', {}],
  ['rows of text', { rows: ['x'] }],
  ['null rows', { rows: null }],
  ['a prototype', JSON.parse('{"rows":[1],"__proto__":{"a":1}}')],
];

/** A method of an extension that both servers have. */
export const EXTENSIONS: readonly Case[] = [
  ...PARAMS.flatMap(([what, params]) => [
    modern(`extension with ${what}`, 'charts/sum', params),
    legacy(`legacy extension with ${what}`, 'charts/sum', params),
  ]),
  legacy('legacy extension without params', 'charts/sum'),
  modern('extension with a text as id', 'charts/sum', { rows: [1] }, { id: 'ä' }),
  modern('extension under another method', 'charts/sum', { rows: [1] }, { headers: { 'mcp-method': 'charts/other' } }),
  modern('extension without a method header', 'charts/sum', { rows: [1] }, { headers: { 'mcp-method': undefined } }),
  modern('extension under a name', 'charts/sum', { rows: [1] }, { headers: { 'mcp-name': 'whatever' } }),
  modern('extension that fails', 'charts/fail'),
  modern('method that no extension has', 'charts/none'),
  legacy('legacy method that no extension has', 'charts/none', {}),
];
