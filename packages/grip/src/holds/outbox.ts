import { GripError } from '../errors.ts';
import type { Publisher } from '../publish/publisher.ts';
import type { ItemFormat, PublishItem } from '../wire/item.ts';
import { type Batch, BlockQueue } from './block-queue.ts';
import type { Clock } from './clock.ts';
import { ItemLog } from './item-log.ts';
import { Pace } from './pace.ts';

/** What all outboxes of a registry have in common. */
export interface OutboxSettings {
  readonly publisher: Publisher;
  readonly clock: Clock;
  /** Bytes that may wait or be kept; what is kept makes room for what waits. */
  readonly maxBytesPerHold: number;
  /** With it items are numbered and kept, so that the proxy can notice a gap and ask for what is missing. */
  readonly recovery: object | undefined;
}

/** Whose outbox it is. */
export interface OutboxOwner {
  readonly channel: string;
  /** The close is published. */
  closed(): void;
  /** An item could not be handed over. A numbered one is in the log all the same. */
  failed(error: GripError): void;
}

/** Items that go out at once after a quiet time, and the time that each further one takes: 200 a second. */
const PACE = { burst: 16, intervalMs: 5 };

const ignore = (): void => undefined;

/** Publishes the blocks of one hold: in order, one item at a time, at the pace that the proxy's queue for a session can take. */
export class Outbox {
  readonly #settings: OutboxSettings;
  readonly #owner: OutboxOwner;
  readonly #queue: BlockQueue;
  readonly #pace: Pace;
  readonly log: ItemLog | undefined;
  #started = false;
  #finishing = false;
  #closeSent = false;
  #publishing = false;
  #wake: () => void = ignore;

  constructor(settings: OutboxSettings, owner: OutboxOwner) {
    this.#settings = settings;
    this.#owner = owner;
    this.#queue = new BlockQueue(settings.maxBytesPerHold);
    this.#pace = new Pace(PACE, settings.clock.monotonic);
    this.log = settings.recovery ? new ItemLog() : undefined;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#queue.bytes;
  }

  /** Whether the close is on its way: the client's departure is then no surprise. */
  get closeSent(): boolean {
    return this.#closeSent;
  }

  /** @throws {@link GripError} `queue_full`, synchronously; the last block is never refused. */
  add(block: string, last: boolean): Promise<void> {
    const added = this.#queue.add(block, last);
    this.log?.shrink(this.#settings.maxBytesPerHold - this.#queue.bytes);
    void this.#publish();
    return added;
  }

  /** The proxy listens: publishes what waits and what comes. */
  start(): void {
    this.#started = true;
    void this.#publish();
  }

  /** The proxy is out of reach: what comes waits. */
  pause(): void {
    this.#started = false;
    this.#wake();
  }

  /** After what waits, closes the client's stream; does not keep the pace any more. */
  finish(): void {
    this.#finishing = true;
    this.#wake();
    void this.#publish();
  }

  /** Stops for good and refuses what waits. */
  discard(error: GripError): void {
    this.pause();
    this.#queue.clear(error);
  }

  /** Closes the client's stream at once, with a last block if there is any. Whether that works does not matter: nobody is left to be told. */
  async cut(lastBlock = ''): Promise<void> {
    if (this.#closeSent) return;
    this.#closeSent = true;
    if (lastBlock !== '') {
      const last = this.#number({ kind: 'http-stream', content: lastBlock }, lastBlock);
      await this.#settings.publisher.publish(last).catch(ignore);
    }
    await this.#settings.publisher.publish(this.#number({ kind: 'http-stream', action: 'close' }, '')).catch(ignore);
  }

  async #publish(): Promise<void> {
    if (this.#publishing) return;
    this.#publishing = true;
    while (this.#started && !this.#queue.empty) {
      await this.#turn();
      const batch = this.#started ? this.#queue.take() : undefined;
      if (batch) await this.#sendBatch(batch);
    }
    if (this.#started && this.#finishing && !this.#closeSent) {
      this.#closeSent = true;
      const error = await this.#send({ kind: 'http-stream', action: 'close' }, '');
      // A numbered close that got lost is found by the next link.
      if (!error || this.log) this.#owner.closed();
    }
    this.#publishing = false;
  }

  async #sendBatch(batch: Batch): Promise<void> {
    const error = await this.#send({ kind: 'http-stream', content: batch.content }, batch.content);
    batch.settle(this.log ? undefined : error);
  }

  /** Publishes an item; reports and gives the error if that fails. */
  async #send(format: ItemFormat, content: string): Promise<GripError | undefined> {
    try {
      await this.#settings.publisher.publish(this.#number(format, content));
      return undefined;
    } catch (cause) {
      const error = new GripError('publish_failed', 'an item of the stream could not be published', { cause });
      this.#owner.failed(error);
      return error;
    }
  }

  #number(format: ItemFormat, content: string): PublishItem {
    const { channel } = this.#owner;
    if (!this.log) return { channel, format };
    const id = this.log.append(content);
    this.log.shrink(this.#settings.maxBytesPerHold - this.#queue.bytes);
    return { channel, id: String(id), prevId: String(id - 1), format };
  }

  /** Waits for the pace; the end of the stream does not wait. */
  async #turn(): Promise<void> {
    const delay = this.#finishing ? 0 : this.#pace.delay();
    if (delay > 0) {
      await new Promise<void>((resolve) => {
        const cancel = this.#settings.clock.after(delay, resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
      this.#wake = ignore;
    }
    this.#pace.spend();
  }
}
