import { GripError } from '../errors.ts';

/** The part of a ZeroMQ socket that sends. */
export interface Sender {
  send(frames: Uint8Array[]): Promise<void>;
}

interface Entry {
  readonly frames: Uint8Array[];
  resolve(): void;
  reject(error: GripError): void;
}

/** Sends messages one after another: a ZeroMQ socket allows a single waiting send, and refuses a second with EBUSY. */
export class SendQueue {
  readonly #socket: Sender;
  readonly #limit: number;
  #entries: Entry[] = [];
  #waiting = 0;
  #idle: Promise<void> = Promise.resolve();
  #running = false;

  constructor(socket: Sender, limit: number) {
    this.#socket = socket;
    this.#limit = limit;
  }

  /** Resolves when ZeroMQ has taken the message. @throws {@link GripError} `queue_full` or `publish_failed` */
  send(frames: Uint8Array[]): Promise<void> {
    if (this.#waiting >= this.#limit) {
      return Promise.reject(
        new GripError('queue_full', `${this.#limit} items wait for the proxy already; publish slower`),
      );
    }
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      this.#entries.push({ frames, resolve, reject });
      if (!this.#running) this.#idle = this.#run();
    });
  }

  /** Resolves when everything sent so far is handed over or refused. */
  flush(): Promise<void> {
    return this.#idle;
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#entries.length > 0) {
      const batch = this.#entries;
      this.#entries = [];
      for (const entry of batch) {
        try {
          await this.#socket.send(entry.frames);
          entry.resolve();
        } catch (cause) {
          entry.reject(new GripError('publish_failed', 'the proxy did not take the item in time', { cause }));
        }
        this.#waiting -= 1;
      }
    }
    this.#running = false;
  }
}
