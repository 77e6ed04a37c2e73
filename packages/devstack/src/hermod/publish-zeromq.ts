import { type PublishItem, parseItemFrame } from '@asgard/grip';
import { DevstackError } from '../errors.ts';

interface SubscriberOptions {
  readonly linger: number;
  readonly receiveHighWaterMark: number;
  readonly maxMessageSize: number;
}

interface SubscriberSocket extends AsyncIterable<Buffer[]> {
  readonly lastEndpoint: string | null;
  readonly closed: boolean;
  bind(address: string): Promise<void>;
  subscribe(channel: string): void;
  unsubscribe(channel: string): void;
  close(): void;
}

/** The module `zeromq`, as far as this package uses it; spelled out, because its types may be absent too. */
export interface ZeroMq {
  readonly Subscriber: new (options: SubscriberOptions) => SubscriberSocket;
}

export interface PublishZeroMqOptions {
  readonly zeromq: ZeroMq;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly accept: (item: PublishItem) => void;
  /** A message that is no item. */
  readonly onGarbage: (reason: string) => void;
}

/** Pushpin's `push_in_sub_specs`: publishers connect to it, and learn from its subscriptions which channels are held. */
export interface PublishZeroMq {
  /** `tcp://host:port` */
  readonly url: string;
  subscribe(channel: string): void;
  unsubscribe(channel: string): void;
  close(): Promise<void>;
}

/** Longest item that is taken, as a guard against a runaway publisher. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

/** @throws DevstackError `port_taken`, `listen_failed` */
export async function listenForZeroMq(options: PublishZeroMqOptions): Promise<PublishZeroMq> {
  const { zeromq, host, port, accept, onGarbage } = options;
  const socket = new zeromq.Subscriber({ linger: 0, receiveHighWaterMark: 0, maxMessageSize: MAX_MESSAGE_BYTES });
  try {
    await socket.bind(`tcp://${host}:${port === 0 ? '*' : port}`);
  } catch (cause) {
    socket.close();
    const taken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const advice = taken ? 'Choose another subscriberPort, or 0 for a free one.' : String(cause);
    throw new DevstackError(
      taken ? 'port_taken' : 'listen_failed',
      `Hermod cannot listen for ZeroMQ publishers on ${host} port ${port}. ${advice}`,
      { cause },
    );
  }

  const reading = (async () => {
    for await (const frames of socket) {
      const [channel, payload, ...more] = frames;
      if (!channel || !payload || more.length > 0) {
        onGarbage(`a ZeroMQ message has ${frames.length} frames instead of 2`);
        continue;
      }
      let item: PublishItem;
      try {
        item = parseItemFrame(payload, channel.toString('utf8'));
      } catch (error) {
        onGarbage(error instanceof Error ? error.message : String(error));
        continue;
      }
      accept(item);
    }
  })();

  return {
    url: socket.lastEndpoint ?? `tcp://${host}:${port}`,
    subscribe(channel) {
      if (!socket.closed) socket.subscribe(channel);
    },
    // Connections that are cut at the end leave their channels after the socket is gone.
    unsubscribe(channel) {
      if (!socket.closed) socket.unsubscribe(channel);
    },
    async close() {
      socket.close();
      await reading;
    },
  };
}
