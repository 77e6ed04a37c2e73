import { expect, test } from 'vitest';
import { formatShellWords } from '../src/shell-words.ts';

test('quotes what a shell would read as something else', () => {
  expect(formatShellWords(['a', 'key=value', 'big axe', "it's", '$HOME', ''])).toBe(
    "a key=value 'big axe' 'it'\\''s' '$HOME' ''",
  );
});

test('a word from outside stays one word of the shell', () => {
  expect(formatShellWords(['a; rm -rf $(HOME)'])).toBe("'a; rm -rf $(HOME)'");
  expect(formatShellWords(["'; reboot"])).toBe(`''\\''; reboot'`);
});
