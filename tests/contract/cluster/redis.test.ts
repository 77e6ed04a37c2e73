import { setTimeout as delay } from 'node:timers/promises';
import { createRedisCluster } from '@asgard/odin/redis';
import { afterAll, beforeAll } from 'vitest';
import { findRedis, type Redis, startRedis } from '../../real/redis.ts';
import { describeWith } from '../../real/requirement.ts';
import { messageBusContract } from './message-bus-contract.ts';
import { proofsContract } from './proofs-contract.ts';
import { stateStoreContract } from './state-store-contract.ts';

describeWith('the real Redis', await findRedis(), () => {
  let redis: Redis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.close());

  const connect = () => {
    const { url } = redis;
    const clusters = [{}, {}, { namespace: 'another' }].map((options) => createRedisCluster({ url, ...options }));
    return {
      clusters,
      pass: (ms: number) => delay(ms),
      close: async () => void (await Promise.all(clusters.map((c) => c.close()))),
    };
  };

  stateStoreContract('Redis', async () => {
    const { clusters, ...rest } = connect();
    const [store, other, foreign] = clusters.map(({ state }) => state);
    if (!store || !other || !foreign) throw new Error('three clusters');
    return { store, other, foreign, ...rest };
  });

  messageBusContract('Redis', async () => {
    const { clusters, ...rest } = connect();
    const [bus, other, foreign] = clusters.map((cluster) => cluster.bus);
    if (!bus || !other || !foreign) throw new Error('three clusters');
    return { bus, other, foreign, ...rest };
  });

  proofsContract('Redis', async () => {
    const { url } = redis;
    const another = await startRedis();
    const logger = { error: () => {}, warn: () => {} };
    const away = createRedisCluster({ url: another.url, logger });
    await away.state.get('k');
    await another.close();
    return { clusters: [createRedisCluster({ url }), createRedisCluster({ url })], away };
  });
});
