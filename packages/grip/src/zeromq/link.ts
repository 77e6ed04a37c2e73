import type { Push, XPublisher } from 'zeromq';
import { SendQueue } from './send-queue.ts';
import { CLOSE_LINGER_MS, type ZeroMqSettings } from './socket-options.ts';

/** One sending socket to one proxy: whether it is connected, and its queue. */
export class Link {
  readonly #socket: Push | XPublisher;
  readonly #queue: SendQueue;
  readonly #onConnection: (connected: boolean) => void;
  #connected = false;

  constructor(
    socket: Push | XPublisher,
    url: string,
    options: ZeroMqSettings & { onConnection: (connected: boolean) => void },
  ) {
    this.#socket = socket;
    this.#queue = new SendQueue(socket, options.maxQueuedItems);
    this.#onConnection = options.onConnection;
    socket.events.on('handshake', () => this.#change(true));
    socket.events.on('disconnect', () => this.#change(false));
    socket.connect(url);
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** The proxy has sent something. Its first messages may come before ZeroMQ tells of the connection. */
  heard(): void {
    if (!this.#connected) this.#change(true);
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

  #change(connected: boolean): void {
    this.#connected = connected;
    this.#onConnection(connected);
  }
}
