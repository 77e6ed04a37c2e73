import type { XPublisher } from 'zeromq';
import type { MonitorSource } from '../publish/monitor.ts';
import type { ZeroMq } from './load.ts';
import { SendQueue } from './send-queue.ts';

/** What a link is told by the publisher that owns it. */
export interface XpubLinkOptions {
  readonly sendTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly maxQueuedItems: number;
  readonly source: Pick<MonitorSource, 'subscribed' | 'unsubscribed'>;
  readonly onConnection: () => void;
}

const SUBSCRIBE = 1;
const UNSUBSCRIBE = 0;
/** Messages that ZeroMQ itself may queue for a proxy. Beyond, sends wait: `noDrop` forbids to lose them. */
const HIGH_WATER_MARK = 10_000;
/** How long closing may take to hand queued messages to the network. */
const CLOSE_LINGER_MS = 1_000;

/** The XPUB socket to one proxy. */
export class XpubLink {
  readonly #socket: XPublisher;
  readonly #queue: SendQueue;
  #connected = false;

  constructor(zeromq: ZeroMq, url: string, options: XpubLinkOptions) {
    const { sendTimeoutMs, heartbeatMs, maxQueuedItems, onConnection } = options;
    this.#socket = new zeromq.XPublisher({
      // Without `immediate`, a proxy that dies leaves its subscriptions behind and no event tells of it.
      immediate: true,
      noDrop: true,
      linger: 0,
      sendHighWaterMark: HIGH_WATER_MARK,
      receiveHighWaterMark: 0,
      sendTimeout: sendTimeoutMs,
      heartbeatInterval: heartbeatMs,
      heartbeatTimeout: heartbeatMs * 3,
      heartbeatTimeToLive: heartbeatMs * 3,
      reconnectInterval: 100,
      reconnectMaxInterval: 1_000,
    });
    this.#queue = new SendQueue(this.#socket, maxQueuedItems);
    const change = (connected: boolean) => (): void => {
      this.#connected = connected;
      onConnection();
    };
    this.#socket.events.on('handshake', change(true));
    this.#socket.events.on('disconnect', change(false));
    this.#socket.connect(url);
    void this.#read(options.source);
  }

  get connected(): boolean {
    return this.#connected;
  }

  send(frames: Uint8Array[]): Promise<void> {
    return this.#queue.send(frames);
  }

  async close(): Promise<void> {
    await this.#queue.flush();
    if (this.#connected) this.#socket.linger = CLOSE_LINGER_MS;
    this.#connected = false;
    this.#socket.close();
  }

  async #read(source: XpubLinkOptions['source']): Promise<void> {
    // Ends when the socket is closed. Frames that are neither are upstream messages, which GRIP does not have.
    for await (const [frame] of this.#socket) {
      const channel = frame?.subarray(1).toString();
      if (!frame || !channel) continue;
      if (frame[0] === SUBSCRIBE) source.subscribed(channel);
      else if (frame[0] === UNSUBSCRIBE) source.unsubscribed(channel);
    }
  }
}
