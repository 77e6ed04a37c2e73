import { formatItemJson, GripError, type MonitoredPublisher, type PublishItem, parseItemJson } from '@asgard/grip';

/** The publisher for code in the same process, and what feeds its monitor. */
export interface ProcessPublisher {
  readonly publisher: MonitoredPublisher;
  subscribed(channel: string): void;
  unsubscribed(channel: string): void;
  /** The proxy ends: every channel goes, and publishing is refused. */
  close(): void;
}

type Listener = (channel: string) => void;

export interface ProcessPublisherOptions {
  readonly accept: (item: PublishItem) => void;
  /** Channels that are held now. */
  readonly live: () => readonly string[];
}

/**
 * Behaves as an XPUB socket at Pushpin does: events come after the call that caused them, and a listener that comes late first hears
 * of every channel that is held already. Items take the way over the wire format, so that what a real proxy would refuse is refused.
 */
export function createProcessPublisher({ accept, live }: ProcessPublisherOptions): ProcessPublisher {
  const subscribe = new Set<Listener>();
  const unsubscribe = new Set<Listener>();
  let open = true;

  function tell(listeners: ReadonlySet<Listener>, channel: string): void {
    const present = [...listeners];
    queueMicrotask(() => {
      for (const listener of present) if (listeners.has(listener)) listener(channel);
    });
  }

  function add(listeners: Set<Listener>, listener: Listener): () => void {
    const own: Listener = (channel) => listener(channel);
    listeners.add(own);
    return () => {
      listeners.delete(own);
    };
  }

  return {
    publisher: {
      async publish(item) {
        if (!open) throw new GripError('publisher_closed', 'The proxy of this publisher is closed.');
        const read = parseItemJson(formatItemJson(item));
        // One turn later, so that an item published from within an event finds every connection in a settled state.
        await Promise.resolve();
        accept(read);
      },
      async close() {},
      monitor: {
        get connected() {
          return open;
        },
        onSubscribe(listener) {
          const before = live();
          const remove = add(subscribe, listener);
          queueMicrotask(() => {
            const still = new Set(live());
            for (const channel of before) if (still.has(channel)) listener(channel);
          });
          return remove;
        },
        onUnsubscribe: (listener) => add(unsubscribe, listener),
      },
    },
    subscribed: (channel) => tell(subscribe, channel),
    unsubscribed: (channel) => tell(unsubscribe, channel),
    close() {
      open = false;
    },
  };
}
