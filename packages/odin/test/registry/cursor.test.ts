import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOf } from '../../src/registry/cursor.ts';

const keyOf = (entry: string): string => entry;

function walk(entries: readonly string[], size: number): string[] {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = pageOf(entries, { size, keyOf, ...(cursor !== undefined && { cursor }) });
    seen.push(...(page?.entries ?? []));
    cursor = page?.nextCursor;
  } while (cursor !== undefined);
  return seen;
}

describe('pageOf', () => {
  it('gives every entry once, in order, for any keys and size', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'grapheme' }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        (entries, size) => {
          expect(walk(entries, size)).toEqual(entries);
        },
      ),
    );
  });

  it('moves nothing when entries are added or removed on other pages', () => {
    const { nextCursor = '' } = pageOf(['a', 'b', 'c', 'd'], { size: 2, keyOf }) ?? {};
    expect(pageOf(['new', 'b', 'c', 'd', 'e'], { size: 2, keyOf, cursor: nextCursor })?.entries).toEqual(['c', 'd']);
  });

  it.each(['', '!', 'AAAA', btoa('gone'), '%'])('knows the cursor %j not', (cursor) => {
    expect(pageOf(['a', 'b'], { size: 1, keyOf, cursor })).toBeUndefined();
  });
});
