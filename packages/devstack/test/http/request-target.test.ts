import { expect, test } from 'vitest';
import { parseRequestTarget } from '../../src/http/request-target.ts';

test.each([
  ['/mcp?a=1', '/mcp', '?a=1'],
  ['/a/../mcp', '/mcp', ''],
  ['/a/%2e%2E/mcp', '/mcp', ''],
  ['//evil.example/mcp', '//evil.example/mcp', ''],
  ['http://other.example/mcp?x', '/mcp', '?x'],
  ['/a%2Fb', '/a%2Fb', ''],
])('%s', (target, path, search) => {
  expect(parseRequestTarget(target)).toEqual({ path, search });
});

test.each(['*', 'example.com:443', '', 'ftp://x/y'])('refuses %j', (target) => {
  expect(parseRequestTarget(target)).toBeUndefined();
});
