import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { forwardedHeaders, forwardedPath, isIdentityHeader } from '../../src/bifrost/forwarded-headers.ts';
import type { GatewayRoute } from '../../src/bifrost/route.ts';
import { compileRoutes, matchRoute, type RouteMatch } from '../../src/bifrost/route-table.ts';

const match = (path: string, more: Partial<GatewayRoute> = {}): RouteMatch => {
  const routes = compileRoutes([{ name: 'a', paths: ['/api'], upstream: 'http://up:8080/base/', ...more }]);
  const found = matchRoute(routes, { method: 'GET', path, headers: {} });
  if (!found) throw new Error('the route matches');
  return found;
};
const request = (raw: string[]): IncomingMessage =>
  ({
    rawHeaders: raw,
    headers: { host: 'public.example:7999' },
    socket: { remoteAddress: '127.0.0.1' },
  }) as IncomingMessage;

test('names every header that claims an identity', () => {
  const claims = [
    'x-userinfo',
    'x-id-token',
    'x-access-token',
    'x-credential-identifier',
    'x-anonymous-consumer',
    'x-consumer-id',
  ];
  expect(claims.every(isIdentityHeader)).toBe(true);
  expect(['authorization', 'x-request-id', 'x-consumer'].some(isIdentityHeader)).toBe(false);
});

test('strips, overwrites, appends', () => {
  const received = request([
    ...['Host', 'public.example:7999', 'X-UserInfo', 'e30=', 'X-Consumer-Groups', 'admin', 'Expect', '100-continue'],
    ...[
      'X-Forwarded-For',
      '203.0.113.1',
      'X-Forwarded-Host',
      'evil.example',
      'X-Forwarded-Prefix',
      '/evil',
      'Authorization',
      'Bearer t',
    ],
  ]);
  const headers = forwardedHeaders(received, {
    match: match('/api/x'),
    path: '/api/x',
    requestId: 'r1',
    port: 8000,
    identity: {},
    body: undefined,
  });
  expect(Object.fromEntries(headers)).toEqual({
    Authorization: 'Bearer t',
    host: 'public.example:7999',
    'x-forwarded-for': '203.0.113.1, 127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': 'public.example',
    'x-forwarded-port': '8000',
    'x-forwarded-path': '/api/x',
    'x-real-ip': '127.0.0.1',
    'x-request-id': 'r1',
    via: '1.1 bifrost',
  });
});

test('without preserveHost the service gets its own name', () => {
  const forwarding = {
    match: match('/api', { preserveHost: false }),
    path: '/api',
    requestId: 'r',
    port: 1,
    identity: {},
    body: undefined,
  };
  expect(Object.fromEntries(forwardedHeaders(request([]), forwarding)).host).toBe('up:8080');
});

test.each([
  ['/api/x', false, '/base/api/x'],
  ['/api/x', true, '/base/x'],
  ['/api', true, '/base/'],
  ['/apix', true, '/base/x'],
])('%s, stripped: %s', (path, stripPath, expected) => {
  expect(forwardedPath(match(path, { stripPath }), path)).toBe(expected);
});
