import { GripError } from '../errors.ts';
import { formatItemObject, type PublishItem } from '../wire/item.ts';
import { createMonitor } from './monitor.ts';
import type { MonitoredPublisher, Unlisten } from './publisher.ts';

/** A publisher inside one process: for tests, and for a proxy that runs in the same process. */
export interface InMemoryPublisher extends MonitoredPublisher {
  /** Every item so far, oldest first, up to `maxPublished`. */
  readonly published: readonly PublishItem[];
  /** One more connection listens to the channel. */
  subscribe(channel: string): void;
  /** One connection less listens to it. */
  unsubscribe(channel: string): void;
  /** Whether the proxy is there. Disconnecting ends every subscription, as it does with a real one. */
  setConnected(connected: boolean): void;
  /** Gets each item as it is published; a promise it returns holds `publish()` back. */
  onPublish(listener: (item: PublishItem) => void | Promise<void>): Unlisten;
}

/** Options of {@link createInMemoryPublisher}. */
export interface InMemoryPublisherOptions {
  /** How many items `published` keeps; older ones are forgotten. @default 10_000 */
  readonly maxPublished?: number;
}

/** Creates an {@link InMemoryPublisher}. It checks items as the wire does, so that tests see what a real proxy would refuse. */
export function createInMemoryPublisher({ maxPublished = 10_000 }: InMemoryPublisherOptions = {}): InMemoryPublisher {
  const source = createMonitor(true);
  const subscribers = new Map<string, number>();
  const listeners = new Set<(item: PublishItem) => void | Promise<void>>();
  const published: PublishItem[] = [];
  let closed = false;

  return {
    monitor: source.monitor,
    published,
    async publish(item) {
      if (closed) throw new GripError('publisher_closed', 'the publisher is closed');
      if (!source.connected) throw new GripError('not_connected', 'the in-memory proxy is set to be disconnected');
      formatItemObject(item);
      published.push(item);
      if (published.length > maxPublished) published.shift();
      await Promise.all([...listeners].map((listener) => listener(item)));
    },
    subscribe(channel) {
      const count = subscribers.get(channel) ?? 0;
      subscribers.set(channel, count + 1);
      if (count === 0) source.subscribed(channel);
    },
    unsubscribe(channel) {
      const count = subscribers.get(channel) ?? 0;
      if (count > 1) subscribers.set(channel, count - 1);
      else if (subscribers.delete(channel)) source.unsubscribed(channel);
    },
    setConnected(connected) {
      source.connected = connected;
      if (connected) return;
      const gone = [...subscribers.keys()];
      subscribers.clear();
      for (const channel of gone) source.unsubscribed(channel);
    },
    onPublish(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async close() {
      closed = true;
    },
  };
}
