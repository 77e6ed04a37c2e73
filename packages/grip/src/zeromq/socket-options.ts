import { GripError } from '../errors.ts';

/** Options that every ZeroMQ publisher has. */
export interface ZeroMqPublisherOptions {
  /** `tcp://host:port` of every proxy. Each gets its own socket, so that one cannot stall another. */
  readonly urls: readonly string[];
  /** Items that may wait for one proxy; more are refused with `queue_full`. @default 100_000 */
  readonly maxQueuedItems?: number;
  /** Milliseconds that a proxy may take to accept an item. @default 5_000 */
  readonly sendTimeoutMs?: number;
  /** Milliseconds between heartbeats; a proxy that misses them for three times as long is gone. @default 1_000 */
  readonly heartbeatMs?: number;
}

/** The same with defaults. */
export type ZeroMqSettings = Required<ZeroMqPublisherOptions>;

/** Messages that ZeroMQ itself may queue for a proxy. */
const HIGH_WATER_MARK = 10_000;

/** How long closing may take to hand queued messages to the network, in milliseconds. */
export const CLOSE_LINGER_MS = 1_000;

/** Reads the options once. @throws {@link GripError} `bad_option` */
export function normalizeZeroMqOptions(options: ZeroMqPublisherOptions): ZeroMqSettings {
  const { urls, maxQueuedItems = 100_000, sendTimeoutMs = 5_000, heartbeatMs = 1_000 } = options;
  if (urls.length === 0 || !urls.every((url) => /^(?:tcp|ipc):\/\/.+/.test(url))) {
    throw new GripError('bad_option', '`urls` must name at least one tcp://host:port', { field: 'urls' });
  }
  return { urls, maxQueuedItems, sendTimeoutMs, heartbeatMs };
}

/** What makes a ZeroMQ socket honest: no queue for a proxy that is not there, and the death of one noticed soon. */
export function socketOptions({ sendTimeoutMs, heartbeatMs }: ZeroMqSettings): {
  immediate: true;
  linger: number;
  sendHighWaterMark: number;
  sendTimeout: number;
  heartbeatInterval: number;
  heartbeatTimeout: number;
  heartbeatTimeToLive: number;
  reconnectInterval: number;
  reconnectMaxInterval: number;
} {
  return {
    // Without it, a proxy that dies leaves its subscriptions behind and no event tells of it.
    immediate: true,
    linger: 0,
    sendHighWaterMark: HIGH_WATER_MARK,
    sendTimeout: sendTimeoutMs,
    heartbeatInterval: heartbeatMs,
    heartbeatTimeout: heartbeatMs * 3,
    heartbeatTimeToLive: heartbeatMs * 3,
    reconnectInterval: 100,
    reconnectMaxInterval: 1_000,
  };
}
