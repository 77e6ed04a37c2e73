import { expect, test } from 'vitest';
import { resolveLink } from '../../src/hermod/resolve-link.ts';

const base = new URL('http://public.example:7999/mcp/x?y=1');

test.each([
  ['/a?b=c', 'http://public.example:7999/a?b=c'],
  ['a', 'http://public.example:7999/mcp/a'],
  ['http://127.0.0.1:1/z', 'http://127.0.0.1:1/z'],
  ['//other/z', 'http://other/z'],
])('%s', (uri, expected) => expect(resolveLink(uri, base)?.href).toBe(expected));

test('no link is no link', () => expect(resolveLink(undefined, base)).toBeUndefined());

test.each(['file:///etc/passwd', 'http://', 'data:,x'])('refuses %s', (uri) => {
  expect(() => resolveLink(uri, base)).toThrow(/the link/);
});
