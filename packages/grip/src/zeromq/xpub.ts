import { GripError } from '../errors.ts';
import { createMonitor, type MonitorSource } from '../publish/monitor.ts';
import type { MonitoredPublisher } from '../publish/publisher.ts';
import type { PublishItem } from '../wire/item.ts';
import { formatItemFrames } from '../wire/item-frame.ts';
import { loadZeroMq, type ZeroMq } from './load.ts';
import { XpubLink } from './xpub-link.ts';

/** Options of {@link createXpubPublisher}. */
export interface XpubPublisherOptions {
  /** `tcp://host:port` of the `push_in_sub_specs` of every proxy. Each gets its own socket, so that one cannot stall another. */
  readonly urls: readonly string[];
  /** Items that may wait for one proxy; more are refused with `queue_full`. @default 100_000 */
  readonly maxQueuedItems?: number;
  /** Milliseconds that a proxy may take to accept an item. @default 5_000 */
  readonly sendTimeoutMs?: number;
  /** Milliseconds between heartbeats; a proxy that misses them for three times as long is gone. @default 1_000 */
  readonly heartbeatMs?: number;
  /** Loads `zeromq`, for bundlers that cannot follow a dynamic import. @default import('zeromq') */
  readonly load?: () => Promise<ZeroMq>;
}

/** Publishes to Pushpin's SUB sockets, and learns from them when a hold is live and when it is gone. */
export interface XpubPublisher extends MonitoredPublisher {
  /** Resolves when the first proxy is connected. @throws {@link GripError} `zeromq_missing` or `publisher_closed` */
  ready(): Promise<void>;
}

/**
 * Creates a publisher on XPUB sockets, one for each proxy. Connecting starts at once and goes on by itself for ever.
 * With no proxy connected, `publish()` rejects with `not_connected`: ZeroMQ would drop the item.
 * @throws {@link GripError} `bad_option`
 */
export function createXpubPublisher(options: XpubPublisherOptions): XpubPublisher {
  const { urls, maxQueuedItems = 100_000, sendTimeoutMs = 5_000, heartbeatMs = 1_000, load = loadZeroMq } = options;
  if (urls.length === 0 || !urls.every((url) => /^(?:tcp|ipc):\/\/.+/.test(url))) {
    throw new GripError('bad_option', '`urls` must name at least one tcp://host:port', { field: 'urls' });
  }
  const source = createMonitor();
  const merged = urls.length === 1 ? source : mergeSources(source);
  let links: XpubLink[] = [];
  let closed = false;
  let waiters: { resolve(): void; reject(error: unknown): void }[] = [];
  const settle = (error?: unknown): void => {
    for (const waiter of waiters) error === undefined ? waiter.resolve() : waiter.reject(error);
    waiters = [];
  };
  const onConnection = (): void => {
    source.connected = links.some((link) => link.connected);
    if (source.connected) settle();
  };
  const loading = load().then((zeromq) => {
    if (closed) return;
    const settings = { sendTimeoutMs, heartbeatMs, maxQueuedItems };
    links = urls.map((url) => new XpubLink(zeromq, url, { ...settings, source: merged, onConnection }));
  });
  loading.catch(settle);

  return {
    monitor: source.monitor,
    async ready() {
      await loading;
      if (closed) throw new GripError('publisher_closed', 'the publisher is closed');
      if (!source.connected) await new Promise<void>((resolve, reject) => waiters.push({ resolve, reject }));
    },
    async publish(item: PublishItem) {
      if (closed) throw new GripError('publisher_closed', 'the publisher is closed');
      const frames = formatItemFrames(item);
      if (links.length === 0) await loading;
      const live = links.filter((link) => link.connected);
      if (live.length === 0) {
        throw new GripError('not_connected', `no proxy is connected at ${urls.join(', ')}, so the item would be lost`);
      }
      await Promise.all(live.map((link) => link.send(frames)));
    },
    async close() {
      closed = true;
      settle(new GripError('publisher_closed', 'the publisher is closed'));
      await loading.catch(() => undefined);
      await Promise.all(links.map((link) => link.close()));
      source.connected = false;
    },
  };
}

/** Several proxies may hold connections of one channel: the first to come and the last to go count. */
function mergeSources(source: MonitorSource): Pick<MonitorSource, 'subscribed' | 'unsubscribed'> {
  const counts = new Map<string, number>();
  return {
    subscribed(channel) {
      const count = counts.get(channel) ?? 0;
      counts.set(channel, count + 1);
      if (count === 0) source.subscribed(channel);
    },
    unsubscribed(channel) {
      const count = counts.get(channel) ?? 0;
      if (count > 1) counts.set(channel, count - 1);
      else if (counts.delete(channel)) source.unsubscribed(channel);
    },
  };
}
