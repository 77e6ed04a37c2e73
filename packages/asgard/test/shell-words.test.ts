import { expect, test } from 'vitest';
import { formatShellWords } from '../src/shell-words.ts';

test('quotes what a shell would read as something else', () => {
  expect(formatShellWords(['a', 'key=value', 'big axe', "it's", '$HOME', ''])).toBe(
    "a key=value 'big axe' 'it'\\''s' '$HOME' ''",
  );
});
