import { GripError } from '../errors.ts';
import { checkChannels, createChannelName, type HoldChannel, parseChannelName } from '../wire/channel.ts';
import type { HoldInstruction } from '../wire/hold.ts';
import { HeldAnswer, type Hold, type HoldOwner } from './hold.ts';
import { type HoldsOptions, normalizeHoldsOptions } from './options.ts';

/** Options of {@link Holds.open}. */
export interface OpenOptions {
  /** When the hold must end, in epoch milliseconds: the expiry of the caller's token. @default after `maxHoldMs` */
  readonly expiresAt?: number;
  /** Further channels that the connection listens to, such as shared topics. @default none */
  readonly channels?: readonly HoldChannel[];
  /** Values for the filters of those channels. @default none */
  readonly meta?: Readonly<Record<string, string>>;
}

/** Counters at one moment. */
export interface HoldStats {
  /** Now. */
  readonly open: number;
  readonly waiting: number;
  readonly live: number;
  /** Bytes that wait to be published. */
  readonly queuedBytes: number;
  /** Since the start. */
  readonly opened: number;
  readonly completed: number;
  /** The client or its proxy went away, before or after the hold was live, or the caller gave up. */
  readonly cancelled: number;
  /** Ended by their time, or by a drain. */
  readonly expired: number;
  /** Publishing failed. */
  readonly failed: number;
}

/** Every answer that is held now. */
export interface Holds {
  /**
   * Registers a hold. Do it before the response is sent, or its readiness may be missed.
   * @throws {@link GripError} `too_many_holds`, or `drained` after `close()`.
   */
  open(options?: OpenOptions): Hold;
  /** Whether a hold would work now: a proxy is connected, there is room, and nothing is being closed. If not, answer without one. */
  readonly available: boolean;
  /**
   * Waits for the open holds to end. Those that have not within `deadlineMs` milliseconds are stopped: their signals abort with
   * `drained`, and they have the grace time for a last block. Then as `close()`.
   */
  drain(options: { readonly deadlineMs: number }): Promise<void>;
  stats(): HoldStats;
  /** Ends every hold at once and refuses new ones. Resolves when the clients' streams are closed. */
  close(): Promise<void>;
}

/**
 * Creates the registry of held answers of one process.
 * @throws {@link GripError} `bad_option`
 */
export function createHolds(options: HoldsOptions): Holds {
  return new HoldRegistry(options);
}

class HoldRegistry implements Holds {
  readonly #owner: HoldOwner;
  readonly #holds = new Map<string, HeldAnswer>();
  readonly #unlisten: readonly (() => void)[];
  readonly #totals = { opened: 0, completed: 0, cancelled: 0, expired: 0, failed: 0 };
  #live = 0;
  #closed = false;
  #emptied: (() => void)[] = [];

  constructor(options: HoldsOptions) {
    const settings = normalizeHoldsOptions(options);
    this.#owner = {
      ...settings,
      onLive: () => {
        this.#live += 1;
      },
      onEnded: (hold, wasLive, error) => this.#onEnded(hold, wasLive, error),
    };
    const { monitor } = settings.publisher;
    this.#unlisten = [
      monitor.onSubscribe((channel) => {
        const hold = this.#holds.get(channel);
        if (hold) hold.subscribed();
        else this.#closeStray(channel);
      }),
      monitor.onUnsubscribe((channel) => this.#holds.get(channel)?.unsubscribed()),
    ];
  }

  get available(): boolean {
    const { publisher, maxHolds } = this.#owner;
    return !this.#closed && publisher.monitor.connected && this.#holds.size < maxHolds;
  }

  open({ expiresAt, channels = [], meta }: OpenOptions = {}): Hold {
    const { prefix, replica, boot, randomId, clock, keepAlive, maxHolds, maxHoldMs } = this.#owner;
    if (this.#closed) throw new GripError('drained', 'the holds are closed: the server is shutting down');
    if (this.#holds.size >= maxHolds) {
      throw new GripError('too_many_holds', `${maxHolds} answers are held already; raise maxHolds or add a replica`, {
        field: 'maxHolds',
      });
    }
    const channel = createChannelName({ prefix, replica, boot, id: randomId() });
    const lifeMs = expiresAt === undefined ? maxHoldMs : Math.min(maxHoldMs, expiresAt - clock.now());
    const instruction: HoldInstruction = {
      mode: 'stream',
      channels: [{ name: channel }, ...channels],
      ...(keepAlive ? { keepAlive } : {}),
      ...(meta ? { meta } : {}),
    };
    checkChannels(instruction.channels);
    const hold = new HeldAnswer(this.#owner, instruction, { channel, lifeMs });
    this.#holds.set(channel, hold);
    this.#totals.opened += 1;
    return hold;
  }

  async drain({ deadlineMs }: { readonly deadlineMs: number }): Promise<void> {
    const { clock, graceMs } = this.#owner;
    if (await this.#isEmptyWithin(deadlineMs)) return this.close();
    for (const hold of this.#holds.values()) hold.stop('drained', 'the server is shutting down');
    const cancel = clock.after(graceMs, () => this.#signalEmpty());
    await this.#untilEmpty();
    cancel();
    return this.close();
  }

  stats(): HoldStats {
    let queuedBytes = 0;
    for (const hold of this.#holds.values()) queuedBytes += hold.queuedBytes;
    const open = this.#holds.size;
    return { open, waiting: open - this.#live, live: this.#live, queuedBytes, ...this.#totals };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#holds.values()].map((hold) => hold.shut('drained', 'the server is shutting down')));
    for (const unlisten of this.#unlisten) unlisten();
  }

  #onEnded(hold: HeldAnswer, wasLive: boolean, error: GripError | undefined): void {
    this.#holds.delete(hold.channel);
    if (wasLive) this.#live -= 1;
    this.#totals[outcomeOf(error)] += 1;
    if (this.#holds.size === 0) this.#signalEmpty();
  }

  /** A hold of this start that has ended already: its client came too late and must not wait for ever. */
  #closeStray(channel: string): void {
    const parts = parseChannelName(channel);
    const { prefix, replica, boot, publisher } = this.#owner;
    if (parts?.prefix !== prefix || parts.replica !== replica || parts.boot !== boot) return;
    publisher.publish({ channel, format: { kind: 'http-stream', action: 'close' } }).catch(() => undefined);
  }

  #signalEmpty(): void {
    for (const emptied of this.#emptied.splice(0)) emptied();
  }

  #untilEmpty(): Promise<void> {
    return this.#holds.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#emptied.push(resolve));
  }

  async #isEmptyWithin(ms: number): Promise<boolean> {
    const cancel = this.#owner.clock.after(ms, () => this.#signalEmpty());
    await this.#untilEmpty();
    cancel();
    return this.#holds.size === 0;
  }
}

function outcomeOf(error: GripError | undefined): 'completed' | 'cancelled' | 'expired' | 'failed' {
  if (!error) return 'completed';
  if (error.code === 'expired' || error.code === 'drained') return 'expired';
  return error.code === 'publish_failed' ? 'failed' : 'cancelled';
}
