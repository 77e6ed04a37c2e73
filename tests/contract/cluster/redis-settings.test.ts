import { createTokenVerifier } from '@asgard/heimdall-client';
import { createRevocationBus, type Logger } from '@asgard/odin';
import { createRedisCluster, type RedisCluster, type RedisClusterOptions } from '@asgard/odin/redis';
import { testPrincipal } from '@asgard/odin/testing';
import { Redis as Client } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { findRedis, type Redis, startRedis } from '../../real/redis.ts';
import { describeWith } from '../../real/requirement.ts';
import { until } from '../../real/until.ts';

const keep = { maxLen: 10, ttlMs: 60_000 };
const ttlMs = 60_000;
const quiet: Logger = { error: () => {}, warn: () => {} };

/** What docs/operations/redis.md says that a user of Redis needs. */
const COMMANDS =
  'get set del pexpire hget hmget hset hdel pttl time publish subscribe unsubscribe evalsha eval ping info'.split(' ');

describeWith('Redis in different ways', await findRedis(), () => {
  let redis: Redis;
  let admin: Client;
  const opened: RedisCluster[] = [];
  beforeAll(async () => {
    redis = await startRedis();
    admin = new Client(redis.url);
  });
  afterEach(async () => void (await Promise.all(opened.splice(0).map((cluster) => cluster.close()))));
  afterAll(async () => {
    await admin?.quit();
    await redis?.close();
  });
  const open = (options: RedisClusterOptions): RedisCluster => {
    const cluster = createRedisCluster({ logger: quiet, ...options });
    opened.push(cluster);
    return cluster;
  };

  const useAll = async ({ state, bus }: RedisCluster): Promise<string[]> => {
    const heard: string[] = [];
    await bus.tail('log', undefined, { item: ({ data }) => heard.push(data), lost: () => heard.push('lost') });
    const stop = await bus.subscribe('topic', (data) => heard.push(data));
    await bus.append('log', 'log 1', keep);
    await bus.publish('topic', 'topic 1');
    await until(() => heard.length === 2);
    stop();
    expect(await state.set('k', 'v', { ttlMs, if: 'absent' })).toBe(true);
    expect(await state.set('k', 'w', { ttlMs, if: { is: 'v' } })).toBe(true);
    expect(await state.touch('k', ttlMs, 'w')).toBe(true);
    expect(await state.touch('k', ttlMs)).toBe(true);
    expect(await state.get('k')).toBe('w');
    expect(await state.delete('k', 'w')).toBe(true);
    expect((await bus.read('log', undefined, 10)).items).toHaveLength(1);
    return heard.toSorted();
  };

  test('with the settings of a client, which stays as it was', async () => {
    const client = new Client(redis.url, { keyPrefix: 'mine:', replyMapping: 'resp3' });
    const cluster = open({ client, namespace: 'by-client' });
    expect(await useAll(cluster)).toEqual(['log 1', 'topic 1']);
    await cluster.close();
    await client.set('k', 'still open');
    expect(await client.get('k')).toBe('still open');
    expect(await admin.keys('*by-client*')).toEqual(['by-client:log:log']);
    await client.quit();
  });

  test('as a user who may do what is documented, and nothing else', async () => {
    await admin.call('ACL', ...['SETUSER', 'odin', 'on', '>word', '~odin*', '&odin*', '-@all']);
    await admin.call('ACL', ...['SETUSER', 'odin', ...COMMANDS.map((command) => `+${command}`)]);
    const cluster = open({ url: `redis://odin:word@127.0.0.1:${redis.port}` });
    expect(await useAll(cluster)).toEqual(['log 1', 'topic 1']);
  });

  test('databases and namespaces are apart, for keys and for messages', async () => {
    const clusters = [
      open({ url: redis.url }),
      open({ url: redis.url.replace(/\/0$/, '/1') }),
      open({ url: redis.url, namespace: 'another' }),
    ];
    const heard: string[] = [];
    for (const [at, { bus }] of clusters.entries()) await bus.subscribe('t', (data) => heard.push(`${at} ${data}`));
    for (const [at, { bus, state }] of clusters.entries()) {
      expect(await state.get('apart')).toBeUndefined();
      await state.set('apart', `${at}`, { ttlMs });
      await bus.publish('t', `${at}`);
    }
    await until(() => heard.length === 3);
    expect(heard.toSorted()).toEqual(['0 0', '1 1', '2 2']);
  });

  test('leaves no connection behind, and every key has an end', async () => {
    const before = String(await admin.client('LIST'))
      .trim()
      .split('\n').length;
    const cluster = open({ url: redis.url, namespace: 'tidy' });
    await useAll(cluster);
    expect(
      String(await admin.client('LIST'))
        .trim()
        .split('\n'),
    ).toHaveLength(before + 2);
    for (const key of await admin.keys('tidy*')) expect(await admin.pttl(key)).toBeGreaterThan(0);
    await cluster.close();
    await until(
      async () =>
        String(await admin.client('LIST'))
          .trim()
          .split('\n').length === before,
    );
  });

  test('a sign-out on one replica makes the token void on another, also when that starts later', async () => {
    const issuer = 'https://id.example.com';
    const replica = (): ReturnType<typeof createTokenVerifier> => {
      const { bus } = open({ url: redis.url, namespace: 'sign-out' });
      const revocations = { bus: createRevocationBus({ bus, logger: quiet }) };
      return createTokenVerifier({ issuer, audience: 'https://mcp.example.com/mcp', revocations });
    };
    const [here, there] = [replica(), replica()];
    await here.revoke({ sessionId: 'desk' });
    const principal = testPrincipal({ issuer, sessionId: 'desk' });
    await until(() => there.isRevoked(principal));
    const later = replica();
    await until(() => later.isRevoked(principal));
    expect(later.isRevoked(testPrincipal({ issuer, sessionId: 'phone' }))).toBe(false);
  });
});
