import { describe, test } from 'vitest';

/** What came of the search for a real server: where it is, or in words why it is missing. */
export type Found<T extends object> = T | { readonly missing: string };

/**
 * Declares tests that need a real server. Where it is missing, one test says so instead: it fails with `CI=true`, so that nothing
 * passes unseen, and is skipped elsewhere.
 */
export function describeWith<T extends object>(name: string, found: Found<T>, tests: (server: T) => void): void {
  describe(name, () => {
    if (!('missing' in found)) return tests(found);
    test('has its server', (context) => {
      if (process.env.CI === 'true') throw new Error(found.missing);
      context.skip(found.missing);
    });
  });
}
