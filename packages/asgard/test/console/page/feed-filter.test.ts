import { expect, test } from 'vitest';
import type { FeedEntry } from '../../../src/console/feed-entry.ts';
import { CATEGORIES, isShown, parseWords } from '../../../src/console/page/feed-filter.ts';

const entry: FeedEntry = {
  ...{
    seq: 1,
    at: 0,
    type: 'request',
    method: 'tools/call',
    target: 'forge',
    status: 200,
    durationMs: 1,
    who: 'Freya',
  },
};
const all = new Set(CATEGORIES);

test.each([
  ['', true],
  ['forge', true],
  ['FREYA tools', true],
  ['freya loki', false],
  ['200', true],
])('words "%s"', (text, shown) => {
  expect(isShown(entry, { categories: all, words: parseWords(text) })).toBe(shown);
});

test('a category that is off hides its entries only', () => {
  const categories = new Set(CATEGORIES.filter((category) => category !== 'requests'));
  expect(isShown(entry, { categories, words: [] })).toBe(false);
  expect(isShown({ seq: 2, at: 0, type: 'output', stream: 'stdout', text: '' }, { categories, words: [] })).toBe(true);
});
