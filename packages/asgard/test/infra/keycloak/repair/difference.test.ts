import { expect, test } from 'vitest';
import { hasAll, isSame } from '../../../../src/infra/keycloak/repair/difference.ts';

test.each([
  [{ a: 'true', more: 1 }, { a: true }],
  [{ a: '300' }, { a: 300 }],
  [{ list: ['b', 'a'] }, { list: ['a', 'b'] }],
  [{}, { list: [], text: '', config: {} }],
  [
    { executors: [{ executor: 'x', configuration: { on: 'true', also: 1 } }] },
    { executors: [{ executor: 'x', configuration: { on: true } }] },
  ],
])('%j has all of %j', (actual, wanted) => {
  expect(hasAll(actual, wanted)).toBe(true);
});

test.each([
  [{}, { a: false }],
  [{ a: 'x' }, { a: 'y' }],
  [{ list: ['a', 'b'] }, { list: ['a'] }],
  [{ list: ['a'] }, { list: ['a', 'b'] }],
  [undefined, { a: 1 }],
  [{ executors: [] }, { executors: [{ executor: 'x' }] }],
])('%j has not all of %j', (actual, wanted) => {
  expect(hasAll(actual, wanted)).toBe(false);
});

test('what is left over is a difference only where both must be the same', () => {
  expect(hasAll({ a: 1, b: 2 }, { a: 1 })).toBe(true);
  expect(isSame({ a: 1, b: 2 }, { a: 1 })).toBe(false);
  expect(isSame({ types: ['x'] }, { types: [] })).toBe(false);
  expect(isSame({ a: '1', b: [] }, { a: 1 })).toBe(true);
});
