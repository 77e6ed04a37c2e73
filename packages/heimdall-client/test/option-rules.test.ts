import { expect, test } from 'vitest';
import { badOption, secureUrl, wholeNumber } from '../src/option-rules.ts';

test.each(['https://a.example/x', 'http://localhost:1', 'http://127.0.0.2', 'http://[::1]/'])('%s is secure', (url) => {
  expect(secureUrl('url', url, false)).toBe(url);
});

test.each([
  undefined,
  null,
  7,
  '',
  'a',
  '//a.example',
  'http://a.example',
  'file:///a',
  'https://u@a.example',
  'https://a.example#x',
])('%j is not', (url) => {
  expect(() => secureUrl('url', url, false)).toThrow(expect.objectContaining({ code: 'bad_option' }));
});

test('numbers are whole and within bounds', () => {
  const bounds = { fallback: 5, max: 10 };
  expect([undefined, 0, 10].map((value) => wholeNumber('n', value, bounds))).toEqual([5, 0, 10]);
  for (const value of [-1, 11, 1.5, Number.NaN, '5' as unknown as number]) {
    expect(() => wholeNumber('n', value, bounds)).toThrow('Option "n" must be a whole number from 0 to 10.');
  }
  expect(() => wholeNumber('n', 0, { ...bounds, min: 1 })).toThrow('from 1 to 10');
});

test('names option and rule', () => {
  expect(badOption('x', 'must be y')).toMatchObject({ code: 'bad_option', message: 'Option "x" must be y.' });
});
