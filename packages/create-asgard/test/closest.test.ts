import { expect, test } from 'vitest';
import { closest } from '../src/closest.ts';

test('finds a slip and nothing else', () => {
  const names = ['minimal', 'decorators', 'organizations'];
  expect(closest('decorator', names)).toBe('decorators');
  expect(closest('Minimla', names)).toBe('minimal');
  expect(closest('express', names)).toBeUndefined();
  expect(closest('x', [])).toBeUndefined();
});
