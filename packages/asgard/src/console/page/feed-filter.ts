import type { FeedEntry, FeedEntryType } from '../feed-entry.ts';

export const CATEGORIES = ['requests', 'streams', 'published', 'problems', 'server'] as const;
export type Category = (typeof CATEGORIES)[number];

const CATEGORY: Readonly<Record<FeedEntryType, Category>> = {
  request: 'requests',
  opened: 'streams',
  closed: 'streams',
  published: 'published',
  problem: 'problems',
  server: 'server',
  output: 'server',
};

function categoryOf({ type }: Pick<FeedEntry, 'type'>): Category {
  return CATEGORY[type];
}

export interface Filter {
  readonly categories: ReadonlySet<Category>;
  /** Words that all must be in the entry, in small letters. */
  readonly words: readonly string[];
}

export function parseWords(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

export function isShown(entry: FeedEntry, { categories, words }: Filter): boolean {
  if (!categories.has(categoryOf(entry))) return false;
  if (words.length === 0) return true;
  const text = Object.values(entry).map(textOf).join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
