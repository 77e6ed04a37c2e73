import { expect, test } from 'vitest';
import { formatCrash } from '../../src/dev/crash.ts';

function errorWith(stack: string, options?: ErrorOptions): Error {
  const error = new TypeError('x is not a function', options);
  error.stack = stack;
  return error;
}

test('shows the frames of the own files, relative to the project', () => {
  const error = errorWith(
    [
      'TypeError: x is not a function',
      '    at validate (/desk/node_modules/zod/index.js:1:1)',
      '    at Workshop.forge (/desk/src/workshop.ts:12:9)',
      '    at file:///desk/src/main.ts:4:1',
      '    at run (node:internal/modules/run:1:1)',
    ].join('\n'),
  );
  expect(formatCrash(error, '/desk')).toBe(
    'TypeError: x is not a function\n    at Workshop.forge (src/workshop.ts:12:9)\n    at src/main.ts:4:1',
  );
});

test('skips the code excerpt that a source map puts before the message', () => {
  const error = errorWith(
    '/desk/src/a.ts:1\n  x();\n  ^\n\nTypeError: x is not a function\n    at a (/desk/src/a.ts:1:3)',
  );
  expect(formatCrash(error, '/desk')).toBe('TypeError: x is not a function\n    at a (src/a.ts:1:3)');
});

test('without own frames shows some, and causes, and what is no error', () => {
  const error = errorWith('E\n    at a (/lib/a.js:1:1)', { cause: new Error('deep', { cause: 'text' }) });
  const text = formatCrash(error, '/desk');
  expect(text).toContain('at a (/lib/a.js:1:1)');
  expect(text).toContain('Caused by Error: deep');
  expect(text).toMatch(/Caused by Thrown: text$/);
});
