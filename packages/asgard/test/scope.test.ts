import { expect, test } from 'vitest';
import { formatScopes, parseScope, splitScope } from '../src/scope.ts';

test('one word is one scope', () => {
  expect(parseScope('mcp:tools/read')).toBe('mcp:tools/read');
  expect(() => parseScope('a b')).toThrow('Give each a --scope of its own.');
});

test('what others say is split, and what is no scope is left out', () => {
  expect(splitScope('b a  b "x \u001b[31m')).toEqual(['b', 'a']);
  expect(splitScope(undefined)).toEqual([]);
});

test('a set is one text', () => {
  expect(formatScopes(['b', 'a', 'b'])).toBe('a b');
  expect(formatScopes([])).toBe('');
});
