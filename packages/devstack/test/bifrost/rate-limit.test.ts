import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { callerOf, createRateLimit, quotaHeaders } from '../../src/bifrost/rate-limit.ts';

test('counts each caller of each route, and begins anew with the minute', () => {
  let now = 60_000;
  const quota = createRateLimit(() => now);
  const used = (route: string, caller: string) => quota(route, 2, caller).isExceeded;
  expect([used('a', 'freya'), used('a', 'freya'), used('a', 'freya')]).toEqual([false, false, true]);
  expect([used('a', 'loki'), used('b', 'freya')]).toEqual([false, false]);
  now = 119_999;
  expect(used('a', 'freya')).toBe(true);
  now = 120_000;
  expect(used('a', 'freya')).toBe(false);
});

test('says what is left, and when to come back', () => {
  const quota = createRateLimit(() => 60_000 + 45_100);
  expect(quotaHeaders(quota('a', 1, 'freya'))).toEqual([
    ['ratelimit-limit', '1'],
    ['ratelimit-remaining', '0'],
    ['ratelimit-reset', '15'],
  ]);
  expect(quotaHeaders(quota('a', 1, 'freya'))).toContainEqual(['retry-after', '15']);
});

test('more callers than it keeps apart share one count', () => {
  const quota = createRateLimit(() => 60_000);
  for (let at = 0; at < 10_000; at += 1) quota('a', 1, `caller-${at}`);
  expect(quota('a', 1, 'one more').isExceeded).toBe(false);
  expect(quota('a', 1, 'another').isExceeded).toBe(true);
  expect(quota('a', 1, 'caller-3').isExceeded).toBe(true);
});

test.each([
  ['the name in the token', { preferred_username: 'freya', sub: '1' }, 'freya'],
  ['its subject', { sub: '1' }, '1'],
  ['the address, when the token says neither', {}, '127.0.0.1'],
])('a caller is %s', (_, claims, caller) => {
  const token = `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
  expect(callerOf(request(`Bearer ${token}`))).toBe(caller);
});

test.each([undefined, 'Bearer opaque', 'Bearer a.%%%.c', 'Basic x'])(
  'without a readable token (%s) it is the address',
  (value) => {
    expect(callerOf(request(value))).toBe('127.0.0.1');
  },
);

function request(authorization: string | undefined): IncomingMessage {
  return { headers: { authorization }, socket: { remoteAddress: '127.0.0.1' } } as IncomingMessage;
}
