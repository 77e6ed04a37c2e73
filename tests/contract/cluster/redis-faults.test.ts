import { setTimeout as delay } from 'node:timers/promises';
import { type Logger, OdinError } from '@asgard/odin';
import { createRedisCluster, type RedisCluster, type RedisClusterOptions } from '@asgard/odin/redis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findRedis, type Redis, startRedis } from '../../real/redis.ts';
import { describeWith } from '../../real/requirement.ts';
import { until } from '../../real/until.ts';

const keep = { maxLen: 20_000, ttlMs: 60_000 };
const ttlMs = 60_000;

interface Failure {
  readonly ms: number;
  readonly error: OdinError;
}

describeWith('Redis that fails', await findRedis(), () => {
  let redis: Redis;
  const opened: RedisCluster[] = [];
  const logged: string[] = [];
  const logger: Logger = {
    error: (fields, message) => void logged.push(`${message} ${String(fields.error)} ${JSON.stringify(fields.error)}`),
    warn: (_fields, message) => void logged.push(message),
  };
  const open = (options: RedisClusterOptions = {}): RedisCluster => {
    const cluster = createRedisCluster({ url: redis.url, logger, ...options });
    opened.push(cluster);
    return cluster;
  };
  const begin = (options: { keep: boolean }) => async (): Promise<void> => {
    redis = await startRedis(options);
    logged.length = 0;
  };
  afterEach(async () => {
    redis.thaw();
    await Promise.all(opened.splice(0).map((cluster) => cluster.close()));
    await redis.close();
  });

  /** How a call fails, and how soon. */
  const failureOf = async (call: Promise<unknown>): Promise<Failure> => {
    const start = performance.now();
    try {
      await call;
    } catch (error) {
      if (error instanceof OdinError) return { ms: performance.now() - start, error };
      throw error;
    }
    throw new Error('it did not fail');
  };

  const everyCall = ({ state, bus }: RedisCluster): Promise<unknown>[] => [
    state.get('k'),
    state.set('k', 'v', { ttlMs }),
    state.set('k', 'v', { ttlMs, if: { is: 'w' } }),
    state.touch('k', ttlMs),
    state.delete('k', 'v'),
    bus.append('log', 'x', keep),
    bus.read('log', undefined, 10),
    bus.tail('log', undefined, { item: () => {}, lost: () => {} }),
    bus.publish('topic', 'x'),
    bus.subscribe('topic', () => {}),
  ];

  const expectFailures = async (cluster: RedisCluster, limitMs: number): Promise<void> => {
    for (const { ms, error } of await Promise.all(everyCall(cluster).map(failureOf))) {
      expect(error.code).toBe('cluster_unreachable');
      expect(error.message).toContain(`127.0.0.1:${redis.port}`);
      expect(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(redis.password);
      expect(ms).toBeLessThan(limitMs);
    }
  };

  const worksAgain = (cluster: RedisCluster): Promise<void> =>
    until(() => cluster.connected && cluster.state.set('k', 'v', { ttlMs }).catch(() => false), 5_000);

  describe('restarted in the middle, with what it had written', () => {
    beforeEach(begin({ keep: true }));

    test('values stay; a tail hears all that was taken, in order; a topic is heard again', async () => {
      const [writer, reader] = [open(), open()];
      const heard: number[] = [];
      const topic: string[] = [];
      let lost = false;
      await writer.state.set('lease', 'mine', { ttlMs });
      await reader.bus.tail('log', undefined, {
        item: ({ data }) => heard.push(Number(data)),
        lost: () => {
          lost = true;
        },
      });
      await reader.bus.subscribe('topic', (data) => topic.push(data));
      const restarted = delay(150)
        .then(() => redis.kill())
        .then(() => delay(500))
        .then(() => redis.restart());
      let refused = 0;
      for (let at = 0; at < 1_000; at += 1) {
        const append = (): Promise<boolean> =>
          writer.bus.append('log', `${at}`, keep).then(
            () => true,
            () => false,
          );
        while (!(await append())) {
          refused += 1;
          await delay(20);
        }
      }
      await restarted;
      expect(refused).toBeGreaterThan(0);
      await expect.poll(() => heard.at(-1), { timeout: 5_000 }).toBe(999);
      // One that was written and not confirmed was written again.
      expect([...new Set(heard)]).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
      expect(heard).toEqual(heard.toSorted((a, b) => a - b));
      expect(lost).toBe(false);
      expect(await reader.state.touch('lease', ttlMs, 'mine')).toBe(true);
      await until(async () => {
        await writer.bus.publish('topic', 'after');
        return topic.includes('after');
      });
    });
  });

  describe('restarted empty', () => {
    beforeEach(begin({ keep: false }));

    test('a tail that had something is told that there may be more, one that waited goes on', async () => {
      const [writer, reader] = [open(), open()];
      const heard: string[] = [];
      const listen = (name: string) => ({
        item: ({ data }: { data: string }) => heard.push(`${name} ${data}`),
        lost: () => heard.push(`${name} lost`),
      });
      await writer.bus.append('used', '1', keep);
      await writer.bus.append('expired', '1', { maxLen: 10, ttlMs: 200 });
      for (const log of ['used', 'expired', 'fresh']) await reader.bus.tail(log, undefined, listen(log));
      await expect.poll(() => heard).toEqual(['used 1', 'expired 1']);
      // The connection is tried out after the log has expired: only then it is known that nothing was missed.
      await delay(5_500);
      await redis.kill();
      await redis.restart();
      await worksAgain(writer);
      await expect.poll(() => heard, { timeout: 5_000 }).toContain('used lost');
      for (const log of ['used', 'expired', 'fresh']) await writer.bus.append(log, '2', keep);
      await expect
        .poll(() => heard.slice(2).toSorted(), { timeout: 5_000 })
        .toEqual(['expired 2', 'fresh 2', 'used lost']);
      expect(await reader.state.get('k')).toBe('v');
    });
  });

  describe('out of reach', () => {
    beforeEach(begin({ keep: false }));

    test('down: everything fails at once, and comes back by itself; that is told once each', async () => {
      const cluster = open();
      await cluster.state.set('k', 'v', { ttlMs });
      await redis.kill();
      await expectFailures(cluster, 2_000);
      await until(() => !cluster.connected);
      await delay(1_500);
      await expectFailures(cluster, 2_000);
      await redis.restart();
      await worksAgain(cluster);
      expect(logged.map((line) => line.split(' OdinError')[0])).toEqual([
        'the shared state is out of reach',
        'the shared state is back',
      ]);
      expect(logged.join()).not.toContain(redis.password);
    });

    test('frozen: everything fails within its time, and comes back by itself; a tail loses nothing', async () => {
      const [cluster, other] = [open({ commandTimeoutMs: 500 }), open()];
      const heard: string[] = [];
      await cluster.bus.tail('log', undefined, {
        item: ({ data }) => heard.push(data),
        lost: () => heard.push('lost'),
      });
      await other.bus.append('log', '1', keep);
      redis.freeze();
      await expectFailures(cluster, 5_000);
      await delay(3_000);
      // It has noticed: nobody waits any more.
      await expectFailures(cluster, 2_000);
      redis.thaw();
      await worksAgain(cluster);
      await worksAgain(other);
      await other.bus.append('log', '2', keep);
      await expect.poll(() => [...new Set(heard)], { timeout: 5_000 }).toContain('2');
      expect(heard).not.toContain('lost');
    });

    test('never there: fails at once, and works from when it is', async () => {
      await redis.kill();
      const cluster = open();
      await expectFailures(cluster, 5_000);
      await redis.restart();
      await worksAgain(cluster);
    });

    test('with the wrong password: says so, and not which', async () => {
      const cluster = open({ url: redis.url.replace(/:[^:@]*@/, ':a-wrong-word@') });
      const { error } = await failureOf(cluster.state.get('k'));
      expect(error.message).toMatch(/WRONGPASS/);
      expect(`${error.stack} ${JSON.stringify(error)} ${JSON.stringify(error.cause)} ${logged}`).not.toContain(
        'a-wrong-word',
      );
    });

    test('overloaded: what is too much fails at once', async () => {
      const cluster = open({ maxPending: 10 });
      await cluster.state.get('k');
      const calls = await Promise.allSettled(Array.from({ length: 50 }, () => cluster.state.get('k')));
      expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    });

    test('full: a write is refused, not lost', async () => {
      const cluster = open();
      await cluster.state.set('k', 'v', { ttlMs });
      const { error } = await failureOf(
        (async () => {
          for (let at = 0; at < 400; at += 1) await cluster.state.set(`big ${at}`, 'x'.repeat(1_000_000), { ttlMs });
        })(),
      );
      expect(error.message).toMatch(/OOM/);
      expect(await cluster.state.get('k')).toBe('v');
    });

    test('closed: refuses, and leaves no connection behind', async () => {
      const [cluster, observer] = [open(), open()];
      await cluster.bus.subscribe('topic', () => {});
      await cluster.close();
      await cluster.close();
      expect((await failureOf(cluster.state.get('k'))).error.code).toBe('closed');
      const { error } = await failureOf(cluster.bus.subscribe('topic', () => {}));
      expect(error.code).toBe('closed');
      await observer.state.get('k');
    });
  });
});
