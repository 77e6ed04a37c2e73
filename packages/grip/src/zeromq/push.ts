import type { Publisher } from '../publish/publisher.ts';
import { formatItemFrame } from '../wire/item-frame.ts';
import { Link } from './link.ts';
import { Links } from './links.ts';
import { loadZeroMq, type ZeroMq } from './load.ts';
import { normalizeZeroMqOptions, socketOptions, type ZeroMqPublisherOptions } from './socket-options.ts';

/** Options of {@link createPushPublisher}. `urls` are the `push_in_spec` of the proxies. */
export interface PushPublisherOptions extends ZeroMqPublisherOptions {
  /** Loads `zeromq`, for bundlers that cannot follow a dynamic import. @default import('zeromq') */
  readonly load?: () => Promise<ZeroMq>;
}

/** Publishes to Pushpin's PULL sockets. It hears nothing of subscriptions: for notifiers, not for holds. */
export interface PushPublisher extends Publisher {
  /** Resolves when the first proxy is connected. @throws {@link GripError} `zeromq_missing` or `publisher_closed` */
  ready(): Promise<void>;
}

/**
 * Creates a publisher on PUSH sockets, one for each proxy: a single socket would give each item to only one of them.
 * @throws {@link GripError} `bad_option`
 */
export function createPushPublisher(options: PushPublisherOptions): PushPublisher {
  const settings = normalizeZeroMqOptions(options);
  const links = new Links(settings.urls, options.load ?? loadZeroMq, {
    create: (zeromq, url, onConnection) =>
      new Link(new zeromq.Push(socketOptions(settings)), url, { ...settings, onConnection }),
    onConnection: () => undefined,
  });
  return {
    ready: () => links.ready(),
    publish: async (item) => links.send([formatItemFrame(item)]),
    close: () => links.close(),
  };
}
