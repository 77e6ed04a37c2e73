import { GripError } from '../errors.ts';
import type { ItemFormat } from '../wire/item.ts';
import { classifyStray, formatOwner } from './channel-name.ts';
import { Expiries } from './expiries.ts';
import { HeldAnswer, type HoldOwner } from './held-answer.ts';
import type { Hold, HoldState } from './hold.ts';
import type { HoldStats, Holds, OpenOptions } from './holds.ts';
import { Instructions } from './instructions.ts';
import { type HoldsOptions, normalizeHoldsOptions } from './options.ts';
import { type LastBlock, Others } from './others.ts';
import { type RecoveryAnswer, type RecoveryRequest, recover } from './recover.ts';
import { Remains } from './remains.ts';

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
  readonly #remains: Remains;
  readonly #instructions: Instructions;
  readonly #others: Others;
  readonly #unlisten: readonly (() => void)[];
  readonly #totals = {
    opened: 0,
    completed: 0,
    cancelled: 0,
    expired: 0,
    failed: 0,
    recovered: 0,
    lost: 0,
    hinted: 0,
  };
  #live = 0;
  #closed = false;
  #emptied: (() => void)[] = [];

  constructor(options: HoldsOptions) {
    const settings = normalizeHoldsOptions(options);
    const { publisher, clock, recovery } = settings;
    this.#instructions = new Instructions(settings);
    this.#owner = {
      ...settings,
      expiries: new Expiries(clock, (hold) => hold.stop('expired', 'the hold reached the end of its time')),
      onChange: (hold) => {
        this.#live += hold.state === 'live' ? 1 : -1;
      },
      onEnded: (hold, before, error) => this.#onEnded(hold, before, error),
    };
    this.#others = new Others(settings);
    this.#remains = new Remains(clock, recovery?.retainMs ?? settings.graceMs);
    this.#unlisten = [
      publisher.monitor.onSubscribe((channel) => {
        const hold = this.#holds.get(channel);
        if (hold) return hold.subscribed();
        if (!this.#others.subscribed(channel)) this.#onStray(channel);
      }),
      publisher.monitor.onUnsubscribe((channel, broken = !publisher.monitor.connected) => {
        this.#holds.get(channel)?.unsubscribed(broken);
        this.#others.unsubscribed(channel);
        if (!broken) this.#remains.delete(channel);
        if (this.#isGone()) this.#signalEmpty();
      }),
    ];
  }

  get available(): boolean {
    const { publisher, maxHolds } = this.#owner;
    return !this.#closed && publisher.monitor.connected && this.#holds.size < maxHolds;
  }

  open(options: OpenOptions = {}): Hold {
    const { clock, maxHolds, maxHoldMs } = this.#owner;
    if (this.#closed) throw new GripError('drained', 'the holds are closed: the server is shutting down');
    if (this.#holds.size >= maxHolds) {
      throw new GripError('too_many_holds', `${maxHolds} answers are held already; raise maxHolds or add a replica`, {
        field: 'maxHolds',
      });
    }
    const { expiresAt } = options;
    const lifeMs = expiresAt === undefined ? maxHoldMs : Math.min(maxHoldMs, expiresAt - clock.now());
    const { channel, instruction } = this.#instructions.make(lifeMs, options);
    if (this.#holds.has(channel))
      throw new GripError('bad_option', 'the sealer gave the same text twice', { field: 'recovery.sealer' });
    const hold = new HeldAnswer(this.#owner, instruction, { channel, lifeMs });
    this.#holds.set(channel, hold);
    this.#totals.opened += 1;
    return hold;
  }

  recover(request: RecoveryRequest): RecoveryAnswer {
    const { recovery } = this.#owner;
    if (!recovery) return { status: 404, headers: {}, body: '', outcome: 'refused' };
    const find = (channel: string): HeldAnswer | undefined => this.#holds.get(channel) ?? this.#remains.get(channel);
    const answer = recover(request, { ...this.#owner, recovery }, find);
    if (answer.outcome === 'repaired') this.#totals.recovered += 1;
    if (answer.outcome === 'lost') this.#totals.lost += 1;
    return answer;
  }

  async drain({ deadlineMs }: { readonly deadlineMs: number }): Promise<void> {
    const { clock, graceMs } = this.#owner;
    const deadline = clock.monotonic() + deadlineMs;
    if (!(await this.#isEmptyWithin(deadlineMs))) {
      for (const hold of this.#holds.values()) hold.stop('drained', 'the server is shutting down');
      await this.#isEmptyWithin(graceMs);
    }
    // The proxy tells when the clients are gone: only then is it certain that they have got the end. One that asks links
    // delivers nothing until it was answered, which takes seconds when there are many.
    await this.#within(Math.max(graceMs, deadline - clock.monotonic()), () => this.#isGone());
    return this.close();
  }

  stats(): HoldStats {
    let queuedBytes = 0;
    for (const hold of this.#holds.values()) queuedBytes += hold.outbox.bytes;
    const open = this.#holds.size;
    return { open, waiting: open - this.#live, live: this.#live, queuedBytes, ...this.#totals };
  }

  get owner(): string {
    return formatOwner(this.#owner);
  }

  others(): readonly string[] {
    return this.#others.list;
  }

  bury(owner: string, block: LastBlock): Promise<void> {
    return this.#others.bury(owner, block);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#holds.values()].map((hold) => hold.shut('drained', 'the server is shutting down')));
    for (const unlisten of this.#unlisten) unlisten();
    this.#remains.clear();
  }

  #onEnded(hold: HeldAnswer, before: HoldState, error: GripError | undefined): void {
    this.#holds.delete(hold.channel);
    if (before === 'live') this.#live -= 1;
    this.#totals[outcomeOf(error)] += 1;
    if (!error || hold.explained) this.#remains.add(hold);
    if (this.#holds.size === 0) this.#signalEmpty();
  }

  /**
   * Somebody listens to a channel of this replica that has no hold. With recovery, the proxy is told to ask the links, and learns
   * what became of the streams. Without, a stream of this start is closed: its client came too late and must not wait for ever.
   */
  #onStray(channel: string): void {
    const stray = classifyStray(channel, this.#owner);
    if (this.#owner.recovery && (stray === 'earlier-boot' || stray === 'late')) {
      this.#totals.hinted += 1;
      this.#send(channel, { kind: 'http-stream', action: 'hint' });
    } else if (stray === 'late') this.#send(channel, { kind: 'http-stream', action: 'close' });
  }

  #send(channel: string, format: ItemFormat): void {
    this.#owner.publisher.publish({ channel, format }).catch(() => undefined);
  }

  #signalEmpty(): void {
    for (const emptied of this.#emptied.splice(0)) emptied();
  }

  #isEmptyWithin(ms: number): Promise<boolean> {
    return this.#within(ms, () => this.#holds.size === 0);
  }

  #isGone(): boolean {
    return this.#holds.size === 0 && this.#remains.size === 0;
  }

  async #within(ms: number, condition: () => boolean): Promise<boolean> {
    let late = false;
    const cancel = this.#owner.clock.after(ms, () => {
      late = true;
      this.#signalEmpty();
    });
    while (!condition() && !late) await new Promise<void>((resolve) => this.#emptied.push(resolve));
    cancel();
    return condition();
  }
}

function outcomeOf(error: GripError | undefined): 'completed' | 'cancelled' | 'expired' | 'failed' {
  if (!error) return 'completed';
  if (error.code === 'expired' || error.code === 'drained') return 'expired';
  return error.code === 'publish_failed' || error.code === 'gap' ? 'failed' : 'cancelled';
}
