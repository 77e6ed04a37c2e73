import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { OdinError } from '../../src/errors.ts';
import { parseRedisUrl, resolveRedis } from '../../src/redis/options.ts';
import { createRedisCluster } from '../../src/redis.ts';

describe('the URL', () => {
  test.each([
    ['redis://localhost', { host: 'localhost', port: 6379, db: 0 }],
    ['redis://[::1]:7000/2', { host: '::1', port: 7000, db: 2 }],
    ['redis://:p%40ss@store:6379/', { host: 'store', port: 6379, db: 0, password: 'p@ss' }],
    ['rediss://ada:x@store', { host: 'store', port: 6379, db: 0, username: 'ada', password: 'x', tls: {} }],
  ])('reads %s', (url, options) => {
    expect(parseRedisUrl(url)).toEqual(options);
  });

  test.each([
    '',
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis:///0',
    'redis://store/zero',
    'redis://store/1/2',
    'redis://store?db=1',
    'redis://:secret@store:port',
    'redis://:secret@store/x#y',
    'redis://:100%secret@store',
  ])('refuses %j, without saying what is in it', (url) => {
    expect(() => parseRedisUrl(url)).toThrow(expect.objectContaining({ code: 'bad_option' }));
    expect(() => parseRedisUrl(url)).not.toThrow(/secret/);
  });
});

test('refuses what makes no sense', () => {
  const url = 'redis://localhost';
  const ca = '-----BEGIN CERTIFICATE-----';
  const secure = 'rediss://localhost';
  const client = new Redis({ lazyConnect: true });
  for (const options of [
    ...[{}, { url, namespace: '' }, { url, commandTimeoutMs: 0 }, { url, maxPending: 1.5 }],
    ...[
      { url, ca },
      { client, ca },
      { url: secure, ca: '/etc/ca.pem' },
      { url: secure, ca: [] },
    ],
  ])
    expect(() => createRedisCluster(options)).toThrow(expect.objectContaining({ code: 'bad_option' }));
});

test('without ioredis says what to install, once in the log and to everybody who needs it', async () => {
  const logged: unknown[] = [];
  const cluster = createRedisCluster({
    url: 'redis://localhost',
    load: () => Promise.reject(new OdinError('redis_missing', 'Needs ioredis: npm install ioredis@6')),
    logger: { error: (fields) => void logged.push(fields.error), warn: () => {} },
  });
  for (const call of [cluster.state.get('k'), cluster.bus.subscribe('t', () => {})])
    await expect(call).rejects.toThrow(expect.objectContaining({ code: 'redis_missing' }));
  expect(logged).toHaveLength(1);
  await cluster.close();
});

test('says where it is, behind Sentinel as well, and never the password', () => {
  const sentinels = [{ host: 'one', port: 7000 }, { host: 'two' }];
  const client = new Redis({ sentinels, name: 'asgard', password: 'secret', lazyConnect: true });
  expect(resolveRedis({ client }).where).toBe('the master "asgard" of Sentinel one:7000, two:26379');
  expect(resolveRedis({ url: 'rediss://:secret@store:7000' }).where).toBe('store:7000');
});
