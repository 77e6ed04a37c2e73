import { type Case, legacy, modern } from '../request.ts';

const LISTS = ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'] as const;

const PARAMS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['no cursor', {}],
  ['an unknown member', { filter: 'x' }],
  ['a null cursor', { cursor: null }],
  ['a number as cursor', { cursor: 5 }],
  ['an object as cursor', { cursor: {} }],
];

/** Cursors that no list gave out. */
const STRANGE_CURSORS = ['', 'nonsense', 'bm90aGluZw', '🌍', '../../etc/passwd'] as const;

export const LIST_CASES: readonly Case[] = LISTS.flatMap((method) => [
  ...PARAMS.flatMap(([what, params]) => [
    modern(`${method} with ${what}`, method, params),
    legacy(`legacy ${method} with ${what}`, method, params),
  ]),
  ...STRANGE_CURSORS.map((cursor) => modern(`${method} with the cursor ${JSON.stringify(cursor)}`, method, { cursor })),
  legacy(`legacy ${method} without params`, method),
]);
