import { expect, test } from 'vitest';
import { formatKeyValues, parseKeyValues } from '../src/key-values.ts';

test.each([
  ['count=2', { count: 2 }],
  ['on=true', { on: true }],
  ['item=iron', { item: 'iron' }],
  ['item=', { item: '' }],
  ['item="2"', { item: '2' }],
  ['tags=["a","b"]', { tags: ['a', 'b'] }],
  ['where:={"a":[1]}', { where: { a: [1] } }],
  ['sum=a=b', { sum: 'a=b' }],
  ['path=C:=x', { path: 'C:=x' }],
  ['__proto__=1', JSON.parse('{"__proto__":1}')],
])('%s', (word, values) => {
  expect(parseKeyValues([word])).toEqual(values);
  expect(Object.getPrototypeOf(parseKeyValues([word]))).toBe(Object.prototype);
});

test.each([
  [['iron'], '"iron" is not key=value'],
  [['=iron'], '"=iron" is not key=value'],
  [[':=1'], '":=1" is not key=value'],
  [['a=1', 'a=2'], '"a" is given twice'],
  [['a:=b'], 'The value of "a" is not JSON: b'],
])('%j is refused', (words, message) => {
  expect(() => parseKeyValues(words)).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
  );
});

test.each([
  [{ item: 'iron', count: 2 }, 'item=iron count=2'],
  [{ item: '2' }, `'item="2"'`],
  [{ text: "it's" }, `'text=it'\\''s'`],
  [{ tags: ['a b'] }, `'tags=["a b"]'`],
  [{ on: true, none: '' }, 'on=true none='],
])('%j is written as %s', (values, words) => {
  expect(formatKeyValues(values)).toBe(words);
});

test.each([{ a: '2', b: 'true', c: '"x"', d: 'x=y', e: [1, { f: null }], g: '' }])(
  '%j is read as it was written',
  (values) => {
    const words = Object.entries(values).map(([key, value]) =>
      formatKeyValues({ [key]: value }).replace(/^'(.*)'$/s, '$1'),
    );
    expect(parseKeyValues(words)).toEqual(values);
  },
);
