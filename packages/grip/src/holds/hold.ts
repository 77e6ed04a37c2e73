import { GripError, type GripErrorCode } from '../errors.ts';
import type { HoldInstruction } from '../wire/hold.ts';
import type { ItemFormat } from '../wire/item.ts';
import { BlockQueue } from './block-queue.ts';
import type { HoldsSettings } from './options.ts';
import { createPace, type Pace } from './pace.ts';

/** `waiting` for the proxy, `live` in the proxy, `ended` for good. */
export type HoldState = 'waiting' | 'live' | 'ended';

/** One answer that a proxy holds open. */
export interface Hold {
  /** The unguessable channel of this answer. */
  readonly channel: string;
  /** What the response must carry, by `formatHoldHeaders` or `formatHoldBody`. */
  readonly instruction: HoldInstruction;
  readonly state: HoldState;
  /**
   * Aborts with a {@link GripError}: `departed`, `not_ready`, `publish_failed`: nobody is there any more. `expired`, `drained`: the
   * hold closes soon, and `end()` still reaches the client. Does not abort when the hold ends as planned.
   */
  readonly signal: AbortSignal;
  /**
   * Adds whole server-sent events. Resolves when they are published, so that a producer can pause; waits until the hold is live.
   * Rejects with the reason of the signal, or with `queue_full`; then the stream has a gap, and only `end()` is left.
   * An ignored rejection is no unhandled one.
   */
  write(block: string): Promise<void>;
  /** Publishes what waits and the last block, then ends the connection. Resolves when that is done, rejects as `write()`. */
  end(lastBlock?: string): Promise<void>;
  /** The response with the instruction has been sent whole: starts the readiness clock. */
  answered(): void;
  /** The answer could not be sent, or the stream has to be cut. Ends the hold at once. */
  abort(reason?: unknown): void;
  /** Resolves when the hold has ended, for whatever reason. */
  readonly finished: Promise<void>;
}

/** What a hold reports to the registry that owns it. */
export interface HoldOwner extends HoldsSettings {
  onLive(hold: HeldAnswer): void;
  onEnded(hold: HeldAnswer, wasLive: boolean, error: GripError | undefined): void;
}

/** Items that go out at once after a quiet time, and the time that each further one takes: 200 a second. */
const PACE = { burst: 16, intervalMs: 5 };

const ignore = (): void => undefined;

/** The state machine behind {@link Hold}. Its owner feeds it what the monitor sees. */
export class HeldAnswer implements Hold {
  readonly channel: string;
  readonly instruction: HoldInstruction;
  readonly #owner: HoldOwner;
  readonly #abort = new AbortController();
  readonly #queue: BlockQueue;
  readonly #pace: Pace;
  #state: HoldState = 'waiting';
  #ending: Promise<void> | undefined;
  #broken: GripError | undefined;
  #publishing = false;
  #closeSent = false;
  #cancelReadiness: () => void = ignore;
  #cancelExpiry: () => void;
  #wake: () => void = ignore;
  #finishers: (() => void)[] = [];
  #settleEnd: (error?: GripError) => void = ignore;
  #closing: Promise<void> = Promise.resolve();

  constructor(owner: HoldOwner, instruction: HoldInstruction, options: { channel: string; lifeMs: number }) {
    this.#owner = owner;
    this.channel = options.channel;
    this.instruction = instruction;
    this.#queue = new BlockQueue(owner.maxBytesPerHold);
    this.#pace = createPace({ ...PACE, now: owner.clock.now });
    this.#cancelExpiry = owner.clock.watch(options.lifeMs, () =>
      this.stop('expired', 'the hold reached the end of its time'),
    );
  }

  get state(): HoldState {
    return this.#state;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get finished(): Promise<void> {
    if (this.#state === 'ended') return Promise.resolve();
    return new Promise((resolve) => this.#finishers.push(resolve));
  }

  get queuedBytes(): number {
    return this.#queue.bytes;
  }

  answered(): void {
    if (this.#state !== 'waiting') return;
    this.#cancelReadiness();
    this.#cancelReadiness = this.#owner.clock.watch(this.#owner.readinessTimeoutMs, () => {
      // While no proxy is connected, silence says nothing about the client.
      if (this.#owner.publisher.monitor.connected)
        this.#fail('not_ready', 'the client left before the proxy held the answer');
      else this.answered();
    });
  }

  write(block: string): Promise<void> {
    const refusal = this.#refusal();
    if (refusal) return rejected(refusal);
    return block === '' ? Promise.resolve() : this.#add(block, false);
  }

  end(lastBlock = ''): Promise<void> {
    if (this.#ending) return this.#ending;
    if (this.#state === 'ended') return rejected(this.#refusal() ?? new GripError('hold_ended', 'the hold has ended'));
    const ending = quiet(
      new Promise((resolve, reject) => {
        this.#settleEnd = (error) => (error ? reject(error) : resolve());
      }),
    );
    this.#ending = ending;
    if (lastBlock !== '') void this.#add(lastBlock, true);
    this.#wake();
    void this.#publish();
    return ending;
  }

  abort(reason?: unknown): void {
    this.#fail('hold_ended', 'the hold was aborted', reason);
  }

  /** The proxy holds the connection: items reach it from now on. */
  subscribed(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'live';
    this.#cancelReadiness();
    this.#owner.onLive(this);
    void this.#publish();
  }

  /** The connection is gone, or its proxy. */
  unsubscribed(): void {
    if (this.#closeSent) this.#finish();
    else this.#fail('departed', 'the client closed the stream, or its proxy went away');
  }

  /** Aborts the signal, and leaves the grace time for a last block. */
  stop(code: GripErrorCode, message: string): void {
    if (this.#state === 'ended' || this.#abort.signal.aborted) return;
    const error = new GripError(code, message);
    this.#cancelExpiry();
    this.#cancelExpiry = this.#owner.clock.after(this.#owner.graceMs, () => this.#finish(error));
    this.#abort.abort(error);
  }

  /** Ends the hold without grace; resolves when the client's stream is closed. */
  shut(code: GripErrorCode, message: string): Promise<void> {
    this.#fail(code, message);
    return this.#closing;
  }

  #refusal(): GripError | undefined {
    if (this.#broken) return this.#broken;
    if (this.#state !== 'ended' && !this.#ending) return undefined;
    const { reason } = this.#abort.signal;
    return reason instanceof GripError
      ? reason
      : new GripError('hold_ended', 'the hold has ended, so nothing can be added');
  }

  #add(block: string, reserve: boolean): Promise<void> {
    try {
      const added = quiet(this.#queue.add(block, reserve));
      void this.#publish();
      return added;
    } catch (error) {
      if (!(error instanceof GripError)) throw error;
      this.#broken = error;
      return rejected(error);
    }
  }

  /** The only place that publishes content: one item at a time, so that the order is the order of writing. */
  async #publish(): Promise<void> {
    if (this.#publishing) return;
    this.#publishing = true;
    try {
      while (this.#state === 'live' && !this.#queue.empty) {
        await this.#turn();
        const batch = this.#state === 'live' ? this.#queue.take() : undefined;
        if (batch)
          await this.#send({ kind: 'http-stream', content: batch.content }).then(() => batch.settle(), batch.settle);
      }
      if (this.#state === 'live' && this.#ending) {
        this.#closeSent = true;
        await this.#send({ kind: 'http-stream', action: 'close' });
        this.#finish();
      }
    } catch {
      // #send has ended the hold.
    }
    this.#publishing = false;
  }

  /** Waits for the pace; the end of the stream does not wait. */
  async #turn(): Promise<void> {
    const delay = this.#ending ? 0 : this.#pace.delay();
    if (delay > 0) {
      await new Promise<void>((resolve) => {
        const cancel = this.#owner.clock.after(delay, resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
      this.#wake = ignore;
    }
    this.#pace.spend();
  }

  async #send(format: ItemFormat): Promise<void> {
    try {
      await this.#owner.publisher.publish({ channel: this.channel, format });
    } catch (cause) {
      const error = new GripError('publish_failed', 'an item of the stream could not be published', { cause });
      this.#finish(error);
      throw error;
    }
  }

  #fail(code: GripErrorCode, message: string, cause?: unknown): void {
    this.#finish(new GripError(code, message, { cause }));
  }

  /** Ends the hold for good: as planned without an error, otherwise for that reason. */
  #finish(error?: GripError): void {
    if (this.#state === 'ended') return;
    const wasLive = this.#state === 'live';
    this.#state = 'ended';
    this.#cancelReadiness();
    this.#cancelExpiry();
    this.#wake();
    this.#owner.onEnded(this, wasLive, error);
    for (const resolve of this.#finishers.splice(0)) resolve();
    if (!error) return this.#settleEnd();
    if (wasLive && error.code !== 'departed') this.#closing = this.#close();
    this.#queue.clear(error);
    this.#settleEnd(error);
    if (!this.#abort.signal.aborted) this.#abort.abort(error);
  }

  /** The client is still there: it must not wait for more. */
  async #close(): Promise<void> {
    await this.#owner.publisher
      .publish({ channel: this.channel, format: { kind: 'http-stream', action: 'close' } })
      .catch(ignore);
  }
}

function rejected(error: GripError): Promise<void> {
  return quiet(Promise.reject(error));
}

/** The promise as it is, but never an unhandled rejection: whoever does not await it has the signal. */
function quiet(promise: Promise<void>): Promise<void> {
  promise.catch(ignore);
  return promise;
}
