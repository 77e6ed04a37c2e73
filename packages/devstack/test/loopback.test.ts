import { expect, test } from 'vitest';
import { isLoopback, verifyDevelopmentOnly } from '../src/loopback.ts';

test.each(['127.0.0.1', '127.8.8.8', '::1', '[::1]', 'localhost'])('%s is loopback', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(['0.0.0.0', '::', '192.168.1.5', '127.0.0.1.example.com', 'localhost.example.com', '127.1', ''])(
  '%j is not',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);

test('refuses production and other hosts, saying what to do', () => {
  const attempt = (host: string, NODE_ENV: string | undefined) => () =>
    verifyDevelopmentOnly({ name: 'Hermod', host, env: { NODE_ENV } });
  expect(attempt('127.0.0.1', 'production')).toThrow(expect.objectContaining({ code: 'production_refused' }));
  expect(attempt('0.0.0.0', undefined)).toThrow(expect.objectContaining({ code: 'host_refused' }));
  expect(attempt('0.0.0.0', undefined)).toThrow(/Hermod .* "0\.0\.0\.0".*asgard infra up/);
  expect(attempt('127.0.0.1', 'development')).not.toThrow();
});
