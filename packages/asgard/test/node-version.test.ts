import { expect, test } from 'vitest';
import { isNodeSupported } from '../src/node-version.ts';

test.each([
  ['20.19.0', true],
  ['20.18.9', false],
  ['18.20.0', false],
  ['24.1.0', true],
  ['nonsense', false],
])('%s: %s', (version, expected) => {
  expect(isNodeSupported(version)).toBe(expected);
});
