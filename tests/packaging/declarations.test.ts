import { expect, test } from 'vitest';
import { readTypeNames } from './declarations.ts';

test('finds exported types and leaves values out', () => {
  const text = [
    "export type { Publisher, Inner as Outer } from './publish.js';",
    "export { createHolds, type Hold } from './holds.js';",
    'export interface Options {}',
    'export declare function listen(): void;',
    'interface Hidden {}',
  ].join('\n');
  expect(readTypeNames(text, ['createHolds', 'listen'])).toEqual(['Hold', 'Options', 'Outer', 'Publisher']);
});
