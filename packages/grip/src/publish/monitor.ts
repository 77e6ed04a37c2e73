import type { SubscriptionMonitor, Unlisten } from './publisher.ts';

/** The sending side of a {@link SubscriptionMonitor}. */
export interface MonitorSource {
  readonly monitor: SubscriptionMonitor;
  connected: boolean;
  subscribed(channel: string): void;
  unsubscribed(channel: string, broken?: boolean): void;
}

/** Creates a monitor and the functions that feed it. */
export function createMonitor(connected = false): MonitorSource {
  const subscribe = createListeners();
  const unsubscribe = createListeners();
  const source: MonitorSource = {
    connected,
    subscribed: subscribe.call,
    unsubscribed: unsubscribe.call,
    monitor: {
      get connected() {
        return source.connected;
      },
      onSubscribe: subscribe.add,
      onUnsubscribe: unsubscribe.add,
    },
  };
  return source;
}

/** Several proxies may hold connections of one channel: the first to come and the last to go count. */
export function mergeSources(source: MonitorSource): Pick<MonitorSource, 'subscribed' | 'unsubscribed'> {
  const counts = new Map<string, number>();
  return {
    subscribed(channel) {
      const count = counts.get(channel) ?? 0;
      counts.set(channel, count + 1);
      if (count === 0) source.subscribed(channel);
    },
    unsubscribed(channel, broken) {
      const count = counts.get(channel) ?? 0;
      if (count > 1) counts.set(channel, count - 1);
      else if (counts.delete(channel)) source.unsubscribed(channel, broken);
    },
  };
}

type Listener = (channel: string, broken?: boolean) => void;

interface Listeners {
  add(listener: Listener): Unlisten;
  call(channel: string, broken?: boolean): void;
}

function createListeners(): Listeners {
  const listeners = new Set<Listener>();
  return {
    add(listener) {
      const own: Listener = (channel, broken) => listener(channel, broken);
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },
    call(channel, broken) {
      for (const listener of listeners) {
        try {
          listener(channel, broken);
        } catch (error) {
          // A listener's fault must not stop the socket's reader; it surfaces as an uncaught error instead.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
  };
}
