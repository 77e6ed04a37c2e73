import { type Logger, OdinServer } from '@asgard/odin';
import { createRedisCluster, type RedisCluster } from '@asgard/odin/redis';
import { Redis as Client } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LegacyClient } from '../../packages/odin/test/legacy/client.ts';
import { findRedis } from '../real/redis.ts';
import { type Sentinels, startSentinels } from '../real/redis-sentinel.ts';
import { describeWith } from '../real/requirement.ts';
import { until } from '../real/until.ts';

const keep = { maxLen: 1_000, ttlMs: 60_000 };
const ttlMs = 60_000;

describeWith('Redis behind Sentinel', await findRedis(), () => {
  let sentinels: Sentinels;
  const opened: RedisCluster[] = [];
  const logged: string[] = [];
  const logger: Logger = {
    error: (fields, message) => void logged.push(`${message} ${String(fields.error)}`),
    warn: (_fields, message) => void logged.push(message),
  };
  beforeEach(async () => {
    sentinels = await startSentinels();
    logged.length = 0;
  }, 30_000);
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((cluster) => cluster.close()));
    await sentinels?.close();
  });

  const open = (settings: object = {}): RedisCluster => {
    const { name, addresses, password } = sentinels;
    const client = new Client({ sentinels: [...addresses], name, password, lazyConnect: true, ...settings });
    const cluster = createRedisCluster({ client, logger });
    opened.push(cluster);
    return cluster;
  };

  /** How often a call has failed before it worked. None may hang. */
  const untilWorks = async (call: () => Promise<unknown>): Promise<number> => {
    for (let failures = 0; ; failures += 1) {
      const start = performance.now();
      const worked = await call().then(
        () => true,
        (error) => {
          expect(error).toMatchObject({ code: 'cluster_unreachable' });
          expect(`${error.stack} ${error.cause}`).not.toContain(sentinels.password);
          return false;
        },
      );
      expect(performance.now() - start).toBeLessThan(5_000);
      if (worked) return failures;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  /** Resolves when everything that was written so far is in the copy as well. */
  const copied = async (): Promise<void> => {
    const [{ url }] = sentinels.servers;
    const admin = new Client(url);
    await admin.set('mark', '1');
    expect(await admin.wait(1, 5_000)).toBe(1);
    await admin.quit();
  };

  test('the master is killed: what was copied is there, what is claimed stays claimed, and nobody misses anything', async () => {
    const [writer, reader] = [open(), open()];
    const heard: string[] = [];
    const listener = { item: ({ data }: { data: string }) => heard.push(data), lost: () => heard.push('lost') };
    await reader.bus.tail('log', undefined, listener);
    await reader.bus.subscribe('topic', (data) => heard.push(data));
    await writer.state.set('lease', 'mine', { ttlMs, if: 'absent' });
    for (const data of ['1', '2', '3']) await writer.bus.append('log', data, keep);
    await copied();
    await sentinels.servers[0].kill();
    expect(await untilWorks(() => writer.bus.append('log', '4', keep))).toBeGreaterThan(0);
    expect(await sentinels.master()).toBe(sentinels.servers[1].port);
    expect(await writer.state.set('lease', 'theirs', { ttlMs, if: 'absent' })).toBe(false);
    await untilWorks(() => reader.state.get('lease'));
    expect(await reader.state.touch('lease', ttlMs, 'mine')).toBe(true);
    // One that was written and not confirmed was written again.
    await expect.poll(() => [...new Set(heard)], { timeout: 5_000 }).toEqual(['1', '2', '3', '4']);
    await until(async () => {
      await writer.bus.publish('topic', 'news');
      return heard.includes('news');
    });
    expect(new Set(logged.map((line) => line.split(' OdinError')[0]))).toEqual(
      new Set(['the shared state is out of reach', 'the shared state is back']),
    );
    expect(logged.join()).toContain('Sentinel');
    // The old one comes back as a copy: nothing leads to it, and nothing of it counts.
    await sentinels.servers[0].restart();
    const old = new Client(sentinels.servers[0].url);
    await until(async () => String(await old.info('replication')).includes('role:slave'), 20_000);
    await until(async () => (await old.get('odin:state:lease')) === 'mine', 20_000);
    await old.quit();
    expect(await open().state.get('lease')).toBe('mine');
  }, 60_000);

  test('the master is changed while both are alive: writes go to the new one at once', async () => {
    const [writer, reader] = [open(), open()];
    await writer.state.set('k', 'before', { ttlMs });
    await copied();
    await sentinels.failover();
    await until(async () => (await sentinels.master()) === sentinels.servers[1].port, 20_000);
    const promoted = new Client(sentinels.servers[1].url);
    await until(async () => {
      await untilWorks(() => writer.state.set('k', 'after', { ttlMs }));
      return (await promoted.get('odin:state:k')) === 'after';
    }, 3_000);
    await promoted.quit();
    await untilWorks(() => reader.state.get('k'));
    expect(await reader.state.get('k')).toBe('after');
  }, 60_000);

  test('sessions: 503 meanwhile, then they go on, on either replica', async () => {
    const secrets = ['a secret of at least 32 characters'];
    const servers = [open(), open()].map((cluster) => {
      const odin = new OdinServer({
        name: 'replica',
        version: '1',
        url: 'http://localhost/mcp',
        logger,
        cluster,
        secrets,
      });
      odin.tool({ name: 'hello' }, () => 'hello');
      return odin;
    });
    const [a, b] = servers;
    if (!a || !b) throw new Error('two servers');
    const client = await new LegacyClient().connect(a);
    expect((await client.request(b, 'ping')).status).toBe(200);
    await copied();
    await sentinels.servers[0].kill();
    const statuses = new Set<number>();
    for (const odin of servers) {
      await until(async () => {
        const { status } = await client.request(odin, 'ping');
        statuses.add(status);
        return status === 200;
      }, 20_000);
    }
    expect([...statuses].toSorted()).toEqual([200, 503]);
    expect(await (await client.request(b, 'tools/call', { name: 'hello' })).text()).toContain('hello');
    await Promise.all(servers.map((odin) => odin.close()));
  }, 60_000);

  test('a Sentinel that is gone or frozen is passed over; when all are, calls fail instead of waiting', async () => {
    await sentinels.kill(0);
    sentinels.freeze(1);
    const cluster = open();
    expect(await cluster.state.set('k', 'v', { ttlMs })).toBe(true);
    await sentinels.kill(2);
    // The connection that is there needs none.
    expect(await cluster.state.get('k')).toBe('v');
    for (const settings of [{}, { sentinelRetryStrategy: null }]) {
      const late = open(settings);
      const start = performance.now();
      await expect(late.state.get('k')).rejects.toMatchObject({
        code: 'cluster_unreachable',
        message: expect.stringMatching(/master "asgard" of Sentinel 127\.0\.0\.1:\d+, .* unreachable/),
      });
      expect(performance.now() - start).toBeLessThan(5_000);
    }
  }, 60_000);
});
