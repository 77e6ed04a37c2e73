export { createRedisCluster, type RedisCluster } from './redis/create-redis-cluster.ts';
export type { IoRedis } from './redis/load.ts';
export type { RedisClusterOptions } from './redis/options.ts';
