import { expect, test } from 'vitest';
import { isJsonObject, stringsOf } from '../src/json.ts';

test.each([
  [{}, true],
  [[], false],
  [null, false],
  ['{}', false],
  [undefined, false],
])('%j', (value, expected) => {
  expect(isJsonObject(value)).toBe(expected);
});

test('takes only the strings of an array', () => {
  expect(stringsOf(['a', 1, null, 'b', ['c']])).toEqual(['a', 'b']);
  expect(stringsOf('a')).toEqual([]);
});
