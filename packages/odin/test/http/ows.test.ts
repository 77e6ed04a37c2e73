import { expect, it } from 'vitest';
import { trimOws } from '../../src/http/ows.ts';

it.each([
  [' \t a b\t ', 'a b'],
  ['a', 'a'],
  ['', ''],
  [' \t', ''],
  ['\u00a0a\u00a0', '\u00a0a\u00a0'],
  ['\u000ba\u000c', '\u000ba\u000c'],
  ['\ufeffa\u2003', '\ufeffa\u2003'],
])('%j -> %j', (value, trimmed) => {
  expect(trimOws(value)).toBe(trimmed);
});
