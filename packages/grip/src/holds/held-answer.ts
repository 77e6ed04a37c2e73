import { GripError, type GripErrorCode } from '../errors.ts';
import type { HoldInstruction } from '../wire/hold.ts';
import { readLease } from './channel-name.ts';
import type { Expiries } from './expiries.ts';
import type { Hold, HoldState } from './hold.ts';
import type { HoldsSettings } from './options.ts';
import { Outbox, type OutboxOwner } from './outbox.ts';

/** What a hold reports to the registry that owns it. */
export interface HoldOwner extends HoldsSettings {
  /** Stops the holds that are put there when their time is over. */
  readonly expiries: Expiries<HeldAnswer>;
  /** The state changed between `waiting` and `live`. */
  onChange(hold: HeldAnswer): void;
  onEnded(hold: HeldAnswer, before: HoldState, error: GripError | undefined): void;
}

const ignore = (): void => undefined;

/** Most holds wait without any: one list for all of them. */
const NONE: readonly never[] = [];

/** The state machine behind {@link Hold}. Its owner feeds it what the monitor sees. */
export class HeldAnswer implements Hold, OutboxOwner {
  readonly channel: string;
  readonly instruction: HoldInstruction;
  readonly outbox: Outbox;
  readonly #owner: HoldOwner;
  #controller: AbortController | undefined;
  #aborted: GripError | undefined;
  #onAbort: readonly ((reason: GripError) => void)[] = NONE;
  #state: HoldState = 'waiting';
  #ending: Promise<void> | undefined;
  /** The client is told why its stream ends, and may miss that: it can still be asked for. */
  explained = false;
  #broken: GripError | undefined;
  #cancelReadiness: () => void = ignore;
  readonly #expiry: number;
  #cancelGrace: () => void = ignore;
  #finishers: readonly (() => void)[] = NONE;
  #settleEnd: (error?: GripError) => void = ignore;
  #closing: Promise<void> = Promise.resolve();

  constructor(owner: HoldOwner, instruction: HoldInstruction, options: { channel: string; lifeMs: number }) {
    this.#owner = owner;
    this.channel = options.channel;
    this.instruction = instruction;
    this.outbox = new Outbox(owner, this);
    this.#expiry = owner.expiries.add(options.lifeMs, this);
  }

  get state(): HoldState {
    return this.#state;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController();
      this.#controller = controller;
      this.onAbort((reason) => controller.abort(reason));
    }
    return this.#controller.signal;
  }

  onAbort(listener: (reason: GripError) => void): void {
    if (this.#aborted) listener(this.#aborted);
    else this.#onAbort = [...this.#onAbort, listener];
  }

  get finished(): Promise<void> {
    if (this.#state === 'ended') return Promise.resolve();
    return new Promise((resolve) => {
      this.#finishers = [...this.#finishers, resolve];
    });
  }

  answered(): void {
    if (this.#state !== 'waiting') return;
    this.#awaitReadiness(() => {
      // While no proxy is connected, silence says nothing about the client.
      if (this.#owner.publisher.monitor.connected) {
        this.#fail('not_ready', 'the client left before the proxy held the answer');
      } else this.answered();
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
    this.outbox.finish();
    return ending;
  }

  abort(reason?: unknown): void {
    this.#fail('hold_ended', 'the hold was aborted', reason);
  }

  /** The proxy holds the connection: items reach it from now on. */
  subscribed(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'live';
    this.#stopWaiting();
    this.#owner.onChange(this);
    this.outbox.start();
  }

  /** The connection is gone, or its proxy is out of reach. A numbered stream outlives a short break of the way to the proxy. */
  unsubscribed(broken: boolean): void {
    if (this.outbox.closeSent) this.#finish();
    else if (this.#owner.recovery && broken) this.#detach();
    else this.#fail('departed', 'the client closed the stream, or its proxy went away');
  }

  /** Aborts the signal, and leaves the grace time for a last block. */
  stop(code: GripErrorCode, message: string): void {
    if (this.#state === 'ended' || this.#aborted) return;
    const error = new GripError(code, message);
    this.#owner.expiries.remove(this.#expiry, this);
    this.#cancelGrace = this.#owner.clock.after(this.#owner.graceMs, () => this.#finish(error));
    this.#abort(error);
  }

  /** The end is on its way to the client. */
  closed(): void {
    this.#finish();
  }

  /** A numbered item that got lost is found by the next link. */
  failed(error: GripError): void {
    if (this.#owner.recovery) this.#detach();
    else this.#finish(error);
  }

  /** The client misses what is forgotten. The answer to the next link ends its stream. */
  lose(): void {
    this.#fail('gap', 'the client was too slow: it misses events that are no longer kept');
  }

  /** Ends the hold without grace; resolves when the client's stream is closed. */
  shut(code: GripErrorCode, message: string): Promise<void> {
    this.#fail(code, message);
    return this.#closing;
  }

  /** The way to the proxy broke. It has the readiness time to come back with this connection still held. */
  #detach(): void {
    if (this.#state !== 'live') return;
    this.outbox.pause();
    this.#state = 'waiting';
    this.#owner.onChange(this);
    this.#awaitReadiness(() => this.#fail('departed', 'the proxy went away and did not come back with this stream'));
  }

  #awaitReadiness(late: () => void): void {
    this.#stopWaiting();
    this.#cancelReadiness = this.#owner.clock.watch(this.#owner.readinessTimeoutMs, late);
  }

  /** Lets go of the timer too, which would stay as long as the hold. */
  #stopWaiting(): void {
    this.#cancelReadiness();
    this.#cancelReadiness = ignore;
  }

  /** What is said for whoever had the time to say something, and did not. */
  #explanation(code: GripErrorCode): string {
    const { recovery, prefix } = this.#owner;
    if (!recovery || this.#ending || (code !== 'expired' && code !== 'drained')) return '';
    const { data = '' } = readLease(this.channel, prefix, recovery.sealer)?.lease ?? {};
    this.explained = true;
    return recovery.explain({ reason: code === 'expired' ? 'expired' : 'unknown', data });
  }

  #refusal(): GripError | undefined {
    if (this.#broken) return this.#broken;
    if (this.#state !== 'ended' && !this.#ending) return undefined;
    return this.#aborted ?? new GripError('hold_ended', 'the hold has ended, so nothing can be added');
  }

  #add(block: string, last: boolean): Promise<void> {
    try {
      return quiet(this.outbox.add(block, last));
    } catch (error) {
      if (!(error instanceof GripError)) throw error;
      this.#broken = error;
      return rejected(error);
    }
  }

  #fail(code: GripErrorCode, message: string, cause?: unknown): void {
    this.#finish(new GripError(code, message, { cause }));
  }

  #abort(reason: GripError): void {
    if (this.#aborted) return;
    this.#aborted = reason;
    const listeners = this.#onAbort;
    this.#onAbort = NONE;
    for (const listener of listeners) listener(reason);
  }

  /** Ends the hold for good: as planned without an error, otherwise for that reason. */
  #finish(error?: GripError): void {
    if (this.#state === 'ended') return;
    const before = this.#state;
    this.#state = 'ended';
    this.#stopWaiting();
    this.#cancelGrace();
    this.#owner.expiries.remove(this.#expiry, this);
    // The client may still be there: it must not wait for more.
    if (error && before === 'live' && error.code !== 'departed' && error.code !== 'gap') {
      this.#closing = this.outbox.cut(this.#explanation(error.code));
    }
    this.#owner.onEnded(this, before, error);
    const finishers = this.#finishers;
    this.#finishers = NONE;
    for (const resolve of finishers) resolve();
    if (!error) return this.#settleEnd();
    this.outbox.discard(error);
    this.#settleEnd(error);
    this.#abort(error);
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
