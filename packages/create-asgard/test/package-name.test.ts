import { expect, test } from 'vitest';
import { packageNameProblems, suggestPackageName } from '../src/package-name.ts';

test.each(['app', 'my-server', 'a.b_c', '0'])('%s is a good name', (name) => {
  expect(packageNameProblems(name)).toEqual([]);
});

test.each([
  ['', 'it is empty'],
  ['A', 'it has capital letters'],
  ['_a', 'it starts with a dot, an underscore or a dash'],
  ['ä', 'it has characters other than letters, digits, dots, dashes and underscores'],
  ['node_modules', 'the name is reserved'],
  ['a'.repeat(215), 'it is longer than 214 characters'],
])('%j: %s', (name, problem) => {
  expect(packageNameProblems(name)).toContain(problem);
});

test.each([
  ['My Server!', 'my-server'],
  ['..hidden', 'hidden'],
  ['värld', 'varld'],
  ['日本', 'my-server'],
])('%s becomes %s', (text, name) => {
  expect(suggestPackageName(text)).toBe(name);
});
