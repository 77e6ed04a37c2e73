import {
  formatRevocation,
  parseRevocation,
  type RevocationBus,
  type RevocationListener,
} from './revocation/revocation.ts';

/** The part of a Redis client that publishes, for example of ioredis. */
export interface RedisPublisher {
  publish(channel: string, message: string): Promise<unknown>;
}

/** The part of a Redis client that listens, on a connection of its own: a subscribed connection can do nothing else. */
export interface RedisSubscriber {
  subscribe(channel: string): Promise<unknown>;
  unsubscribe(channel: string): Promise<unknown>;
  on(event: 'message', listener: (channel: string, message: string) => void): unknown;
}

/** Options of `createRedisRevocationBus`. */
export interface RedisRevocationBusOptions {
  readonly publisher: RedisPublisher;
  readonly subscriber: RedisSubscriber;
  /** Whoever may publish here can sign users out, but cannot let anybody in. @default 'asgard:revocations' */
  readonly channel?: string;
  /** Told about messages that cannot be read, which are skipped, and of every failure to subscribe. */
  readonly onError: (error: unknown) => void;
  /** How long after a failure to subscribe it is tried again, milliseconds. @default 2_000 */
  readonly retryMs?: number;
}

/** A bus, and the way to leave it. */
export interface RedisRevocationBus extends RevocationBus {
  /** Stops listening. The connections stay open: they are the caller's. */
  close(): Promise<void>;
}

/**
 * Creates a bus over Redis or Valkey publish/subscribe. Neither tokens nor users are stored or sent: a message names a session, a subject
 * or a client.
 */
export function createRedisRevocationBus(options: RedisRevocationBusOptions): RedisRevocationBus {
  const { channel = 'asgard:revocations', retryMs = 2_000 } = options;
  const listeners = new Set<RevocationListener>();
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  let joining = join();

  async function join(): Promise<void> {
    try {
      await options.subscriber.subscribe(channel);
    } catch (error) {
      options.onError(error);
      if (isClosed) return;
      retry = setTimeout(() => {
        joining = join();
      }, retryMs);
      (retry as { unref?: () => void }).unref?.();
    }
  }

  options.subscriber.on('message', (from, message) => {
    if (from !== channel) return;
    try {
      const revocation = parseRevocation(message);
      for (const listener of listeners) listener(revocation);
    } catch (error) {
      options.onError(error);
    }
  });

  return {
    async publish(revocation) {
      await options.publisher.publish(channel, formatRevocation(revocation));
    },
    subscribe(listener) {
      const entry: RevocationListener = (revocation) => listener(revocation);
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    async close() {
      isClosed = true;
      clearTimeout(retry);
      listeners.clear();
      await joining;
      await options.subscriber.unsubscribe(channel);
    },
  };
}
