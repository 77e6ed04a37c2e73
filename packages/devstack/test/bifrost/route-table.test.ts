import { expect, test } from 'vitest';
import type { GatewayRoute } from '../../src/bifrost/route.ts';
import { compileRoutes, matchRoute } from '../../src/bifrost/route-table.ts';

const upstream = 'http://127.0.0.1:1';
const route = (name: string, paths: string[], more: Partial<GatewayRoute> = {}): GatewayRoute => ({
  name,
  paths,
  upstream,
  ...more,
});
const pick = (routes: GatewayRoute[], path: string, method = 'GET', headers: Record<string, string> = {}) =>
  matchRoute(compileRoutes(routes), { method, path, headers })?.route.name;

test('the longest prefix wins, whatever the order', () => {
  const routes = [route('a', ['/']), route('c', ['/a/b/c']), route('b', ['/a', '/z'])];
  expect(['/x', '/a', '/a/b/c/d', '/zz'].map((path) => pick(routes, path))).toEqual(['a', 'b', 'c', 'b']);
});

test('an exact path wins over a longer prefix of another route', () => {
  const routes = [route('prefix', ['/mcp', '/mcp/exact']), route('exact', ['/mcp/exact'], { match: 'exact' })];
  expect([pick(routes, '/mcp/exact'), pick(routes, '/mcp/exact/')]).toEqual(['exact', 'prefix']);
});

test('more kinds of rule win over a longer path: a rule cannot be passed by a broader route', () => {
  const routes = [
    route('broad', ['/mcp/deep/path']),
    route('calls', ['/mcp'], { methods: ['POST'] }),
    route('danger', ['/mcp'], { methods: ['POST'], headers: { 'Mcp-Name': ['danger', '~*^admin_'] } }),
  ];
  expect(pick(routes, '/mcp/deep/path')).toBe('broad');
  expect(pick(routes, '/mcp/deep/path', 'POST')).toBe('calls');
  expect(pick(routes, '/mcp', 'POST', { 'mcp-name': 'danger' })).toBe('danger');
  expect(pick(routes, '/mcp', 'POST', { 'mcp-name': 'Admin_x' })).toBe('danger');
  expect(pick(routes, '/mcp', 'POST', { 'mcp-name': 'dangerous' })).toBe('calls');
});

test('nothing matches: undefined', () => {
  expect(pick([route('a', ['/a'], { methods: ['POST'] })], '/a')).toBeUndefined();
});

test.each<[string, GatewayRoute[]]>([
  ['no path', [route('a', [])]],
  ['a path without slash', [route('a', ['mcp'])]],
  ['a name used twice', [route('a', ['/a']), route('a', ['/b'])]],
  ['an upstream that is no URL', [route('a', ['/a'], { upstream: 'localhost:1' })]],
  ['neither upstream nor answer', [{ name: 'a', paths: ['/a'] }]],
  ['a limit of nothing', [route('a', ['/a'], { perMinute: 0 })]],
  ['a wildcard origin', [route('a', ['/a'], { cors: { origins: ['*'] } })]],
  ['an origin with a path', [route('a', ['/a'], { cors: { origins: ['http://x/'] } })]],
])('refuses %s', (_what, routes) => {
  expect(() => compileRoutes(routes)).toThrow(expect.objectContaining({ code: 'bad_option' }));
});
