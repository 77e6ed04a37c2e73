import type { Cluster } from '../cluster/cluster.ts';
import { Link } from './link.ts';
import { type RedisClusterOptions, resolveRedis } from './options.ts';
import { RedisMessageBus } from './redis-message-bus.ts';
import { RedisStateStore } from './redis-state-store.ts';
import { Topics } from './topics.ts';

/** A cluster over Redis or Valkey. */
export interface RedisCluster extends Cluster {
  /** Whether Redis can be reached now. */
  readonly connected: boolean;
  close(): Promise<void>;
}

/**
 * What the replicas of a server share, in Redis 6 or later or in Valkey. Connecting starts at once, over two connections, and goes on by
 * itself for ever: while Redis is away, everything that needs it fails with `cluster_unreachable`, at once when it is down and after
 * `commandTimeoutMs` when it is frozen. A server closes the cluster that it was given, so give each its own.
 *
 * @throws OdinError `bad_option`
 */
export function createRedisCluster(options: RedisClusterOptions): RedisCluster {
  const resolved = resolveRedis(options);
  const { keys, channels } = resolved;
  const commands = new Link(resolved);
  // A problem with the server shows on both connections: it is told once.
  const topics = new Topics({ ...resolved, logger: { error: () => {}, warn: () => {} } });
  return {
    state: new RedisStateStore(commands, keys),
    bus: new RedisMessageBus({ commands, topics, keys, channels }),
    get connected() {
      return commands.connected && topics.connected;
    },
    close: async () => {
      await Promise.all([commands.close(), topics.close()]);
    },
  };
}
