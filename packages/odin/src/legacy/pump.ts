import type { LogItem, MessageBus, Stop } from '../cluster/message-bus.ts';
import type { Ending } from '../protocol/cancellation.ts';
import type { Outlet } from './outlet.ts';

/** A reader that is further behind than this is cut off; it can come back for the rest. */
const MAX_WAITING = 256;
const MAX_WAITING_CHARS = 1_048_576;
/** From here on writers in this process wait for the reader. */
const PAUSE_AT = 32;

export interface PumpOptions {
  readonly outlet: Outlet;
  /** What goes to the client for an item; `last` ends the stream. */
  readonly format: (item: LogItem) => { readonly block: string; readonly last: boolean };
  /** Whether an item makes an equal one that still waits superfluous. */
  readonly coalesce: boolean;
  /** The time of the connection is up, and its client could not come back for the rest. @default the connection ends */
  readonly onOver?: ((ending: Ending) => void) | undefined;
  /** May be called before the constructor has returned: the client was gone already. */
  readonly onClosed: (pump: Pump) => void;
}

/** Moves the events of one log to one connection, at the speed of the reader. Live and resumed streams are the same. */
export class Pump {
  readonly #options: PumpOptions;
  #waiting: LogItem[] = [];
  #writers: (() => void)[] = [];
  #stop: Stop | undefined;
  #moving: Promise<void> | undefined;
  #closed = false;
  #done: (() => void) | undefined;
  /** Resolves when the connection has ended, for whatever reason. */
  readonly finished: Promise<void>;

  constructor(options: PumpOptions) {
    this.#options = options;
    this.finished = new Promise((resolve) => {
      this.#done = resolve;
    });
    options.outlet.onGone((ending) => (ending && options.onOver ? options.onOver(ending) : this.close()));
  }

  get kind(): 'sse' | 'held' {
    return this.#options.outlet.kind;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Begins after an item of a log; ends what was followed before. */
  async follow(bus: MessageBus, log: { name: string; after: string | undefined }, lost: () => void): Promise<void> {
    this.#stop?.();
    const stop = await bus.tail(log.name, log.after, {
      item: (item) => this.#take(item),
      lost: () => {
        if (!this.#closed) lost();
      },
    });
    if (this.#closed) stop();
    else this.#stop = stop;
  }

  /** Resolves when a writer may go on. */
  ready(): Promise<void> | void {
    if (this.#closed || this.#waiting.length < PAUSE_AT) return;
    return new Promise((resolve) => this.#writers.push(resolve));
  }

  /** Ends the connection. What waits is not written; the client can come back for it. */
  close(lastBlock = ''): void {
    if (this.#closed) return;
    this.#detach();
    void Promise.resolve(this.#options.outlet.end(lastBlock)).finally(() => this.#done?.());
  }

  #take(item: LogItem): void {
    if (this.#closed) return;
    if (this.#options.coalesce) this.#waiting = this.#waiting.filter(({ data }) => data !== item.data);
    this.#waiting.push(item);
    const chars = this.#waiting.length > 1 ? this.#waiting.reduce((sum, { data }) => sum + data.length, 0) : 0;
    if (this.#waiting.length > MAX_WAITING || chars > MAX_WAITING_CHARS) this.close();
    else this.#moving ??= this.#move();
  }

  async #move(): Promise<void> {
    const { format, outlet } = this.#options;
    // Items that come in one turn go out together.
    await Promise.resolve();
    try {
      while (this.#waiting.length > 0 && !this.#closed) {
        const formatted = this.#waiting.splice(0).map(format);
        const block = formatted.map((item) => item.block).join('');
        if (formatted.at(-1)?.last) return this.close(block);
        for (const writer of this.#writers.splice(0)) writer();
        if (block !== '') await outlet.write(block);
      }
    } catch {
      this.close();
    } finally {
      this.#moving = undefined;
    }
  }

  #detach(): void {
    this.#closed = true;
    this.#stop?.();
    this.#waiting = [];
    for (const writer of this.#writers.splice(0)) writer();
    this.#options.onClosed(this);
  }
}
