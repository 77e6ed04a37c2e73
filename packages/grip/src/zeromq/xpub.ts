import type { XPublisher } from 'zeromq';
import { createMonitor, mergeSources } from '../publish/monitor.ts';
import type { MonitoredPublisher } from '../publish/publisher.ts';
import { formatItemFrames } from '../wire/item-frame.ts';
import { Departures } from './departures.ts';
import { Link } from './link.ts';
import { Links } from './links.ts';
import { loadZeroMq, type ZeroMq } from './load.ts';
import { normalizeZeroMqOptions, socketOptions, type ZeroMqPublisherOptions } from './socket-options.ts';

/** Options of {@link createXpubPublisher}. `urls` are the `push_in_sub_specs` of the proxies. */
export interface XpubPublisherOptions extends ZeroMqPublisherOptions {
  /** Loads `zeromq`, for bundlers that cannot follow a dynamic import. @default import('zeromq') */
  readonly load?: () => Promise<ZeroMq>;
  /** How long `ready()` waits, once connected, for the proxy to say what it holds. Milliseconds. @default 300 */
  readonly settleMs?: number;
}

/** Publishes to Pushpin's SUB sockets, and learns from them when a hold is live and when it is gone. */
export interface XpubPublisher extends MonitoredPublisher {
  /**
   * Resolves when the first proxy is connected and has begun to say what it holds, or holds nothing. An item that is sent
   * before that reaches nobody. @throws {@link GripError} `zeromq_missing` or `publisher_closed`
   */
  ready(): Promise<void>;
}

const SUBSCRIBE = 1;
const UNSUBSCRIBE = 0;

/**
 * Creates a publisher on XPUB sockets, one for each proxy. Connecting starts at once and goes on by itself for ever.
 * With no proxy connected, `publish()` rejects with `not_connected`: ZeroMQ would drop the item.
 * @throws {@link GripError} `bad_option`
 */
export function createXpubPublisher(options: XpubPublisherOptions): XpubPublisher {
  const settings = normalizeZeroMqOptions(options);
  const source = createMonitor();
  const merged = settings.urls.length === 1 ? source : mergeSources(source);
  const links = new Links(settings.urls, options.load ?? loadZeroMq, {
    create(zeromq, url, onConnection) {
      const socket = new zeromq.XPublisher({ ...socketOptions(settings), noDrop: true, receiveHighWaterMark: 0 });
      const departures = new Departures(merged.unsubscribed);
      const link = new Link(socket, url, {
        ...settings,
        onConnection(connected) {
          if (!connected) departures.broke();
          onConnection();
        },
      });
      void readSubscriptions(socket, {
        subscribed(channel) {
          link.heard();
          departures.subscribed(channel);
          merged.subscribed(channel);
        },
        unsubscribed: (channel) => departures.unsubscribed(channel),
      }).finally(() => departures.close());
      return link;
    },
    onConnection(connected) {
      source.connected = connected;
    },
  });
  const heard = new Promise<void>((resolve) => void source.monitor.onSubscribe(() => resolve()));
  return {
    monitor: source.monitor,
    ready: async () => {
      await links.ready();
      await within(heard, options.settleMs ?? 300);
    },
    publish: async (item) => links.send(formatItemFrames(item)),
    close: () => links.close(),
  };
}

/** Ends when the socket is closed. Frames that are neither are upstream messages, which GRIP does not have. */
async function readSubscriptions(
  socket: XPublisher,
  listener: { subscribed(channel: string): void; unsubscribed(channel: string): void },
): Promise<void> {
  for await (const [frame] of socket) {
    const channel = frame?.subarray(1).toString();
    if (!frame || !channel) continue;
    if (frame[0] === SUBSCRIBE) listener.subscribed(channel);
    else if (frame[0] === UNSUBSCRIBE) listener.unsubscribed(channel);
  }
}

async function within(event: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([event, late]);
  clearTimeout(timer);
}
