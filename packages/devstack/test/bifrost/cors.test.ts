import { expect, test } from 'vitest';
import { isPreflight, preflightHeaders, withCors } from '../../src/bifrost/cors.ts';
import type { GatewayCors } from '../../src/bifrost/route.ts';
import { type CompiledRoute, compileRoutes } from '../../src/bifrost/route-table.ts';

const origin = 'http://localhost:6274';
const compile = (cors?: GatewayCors): CompiledRoute => {
  const [route] = compileRoutes([{ name: 'a', paths: ['/'], upstream: 'http://x', ...(cors ? { cors } : {}) }]);
  if (!route) throw new Error('one route in, one route out');
  return route;
};

test('a preflight is OPTIONS with both headers', () => {
  const headers = { origin, 'access-control-request-method': 'POST' };
  expect(isPreflight('OPTIONS', headers)).toBe(true);
  expect(isPreflight('POST', headers)).toBe(false);
  expect(isPreflight('OPTIONS', { origin })).toBe(false);
});

test('permits an exact origin: what it asks for, or a fixed list', () => {
  const asked = { origin, 'access-control-request-headers': 'authorization,mcp-param-x' };
  expect(preflightHeaders(compile({ origins: [origin] }), asked)).toEqual({
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET,POST,DELETE,OPTIONS',
    'access-control-allow-headers': 'authorization,mcp-param-x',
    'access-control-max-age': '600',
  });
  const fixed = preflightHeaders(
    compile({ origins: [origin], allowHeaders: ['Authorization'], maxAgeSeconds: 5 }),
    asked,
  );
  expect(fixed).toMatchObject({ 'access-control-allow-headers': 'Authorization', 'access-control-max-age': '5' });
});

test.each(['http://localhost:62740', 'https://localhost:6274', 'http://localhost:6274.evil.example', 'null'])(
  '%s gets nothing',
  (foreign) => {
    const route = compile({ origins: [origin] });
    expect(preflightHeaders(route, { origin: foreign })).toEqual({ vary: 'Origin' });
    expect(withCors(route, foreign, [['access-control-allow-origin', '*']])).toEqual([['vary', 'Origin']]);
  },
);

test('replaces what the service says; a route without rules says nothing of its own', () => {
  const said: [string, string][] = [
    ['Access-Control-Allow-Credentials', 'true'],
    ['Vary', 'Accept'],
  ];
  expect(withCors(compile({ origins: [origin] }), origin, said)).toEqual([
    ['vary', 'Accept, Origin'],
    ['access-control-allow-origin', origin],
    ['access-control-expose-headers', 'WWW-Authenticate,Mcp-Session-Id,MCP-Protocol-Version,X-Request-Id'],
  ]);
  expect(withCors(compile(), origin, said)).toEqual(said);
});
