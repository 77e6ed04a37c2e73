import { GripError } from '../errors.ts';
import type { Link } from './link.ts';
import type { ZeroMq } from './load.ts';

/** The sockets of one publisher, from loading ZeroMQ to closing. */
export class Links {
  readonly #urls: readonly string[];
  readonly #loading: Promise<void>;
  readonly #onConnection: (connected: boolean) => void;
  #links: readonly Link[] = [];
  #closed = false;
  #waiters: { resolve(): void; reject(error: unknown): void }[] = [];

  constructor(
    urls: readonly string[],
    load: () => Promise<ZeroMq>,
    handlers: {
      readonly create: (zeromq: ZeroMq, url: string, onConnection: () => void) => Link;
      readonly onConnection: (connected: boolean) => void;
    },
  ) {
    this.#urls = urls;
    this.#onConnection = handlers.onConnection;
    this.#loading = load().then((zeromq) => {
      if (this.#closed) return;
      this.#links = urls.map((url) => handlers.create(zeromq, url, () => this.#changed()));
    });
    this.#loading.catch((error: unknown) => this.#settle(error));
  }

  /** Resolves when the first proxy is connected. */
  async ready(): Promise<void> {
    this.#refuseWhenClosed();
    await this.#loading;
    if (this.#links.some((link) => link.connected)) return;
    this.#refuseWhenClosed();
    await new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** Sends to every proxy that is connected. */
  async send(frames: Uint8Array[]): Promise<void> {
    this.#refuseWhenClosed();
    if (this.#links.length === 0) await this.#loading;
    const live = this.#links.filter((link) => link.connected);
    if (live.length === 0) {
      throw new GripError(
        'not_connected',
        `no proxy is connected at ${this.#urls.join(', ')}, so the item would be lost`,
      );
    }
    await Promise.all(live.map((link) => link.send(frames)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#settle(new GripError('publisher_closed', 'the publisher is closed'));
    await this.#loading.catch(() => undefined);
    await Promise.all(this.#links.map((link) => link.close()));
    this.#onConnection(false);
  }

  #changed(): void {
    const connected = this.#links.some((link) => link.connected);
    this.#onConnection(connected);
    if (connected) this.#settle();
  }

  #settle(error?: unknown): void {
    for (const waiter of this.#waiters.splice(0)) error === undefined ? waiter.resolve() : waiter.reject(error);
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new GripError('publisher_closed', 'the publisher is closed');
  }
}
