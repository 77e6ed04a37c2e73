import type { Logger } from '../observability/logger.ts';
import { type After, afterOnTimer } from './after.ts';
import type { StateStore } from './state-store.ts';

export interface LeaseOptions {
  readonly state: StateStore;
  /** Whose lease it is: new with every start of a process. */
  readonly id: string;
  /** What others read in it. @default '1' */
  readonly value?: string;
  readonly logger: Logger;
  /** How long a process that says nothing counts as alive. Milliseconds. @default 10000 */
  readonly leaseMs?: number;
  /** @default the runtime's timers */
  readonly after?: After;
  /** Milliseconds of a clock that only goes forward. @default performance.now */
  readonly now?: () => number;
}

/** Instead of a lease: its process said good-bye, so nobody has to wait for it to lapse. */
const CLOSED = 'closed';
/** As long as a stream of its calls may be come back for. */
const CLOSED_TTL_MS = 3_600_000;
/** While the store cannot be reached. */
const AWAY: number = Number.POSITIVE_INFINITY;
/** How soon a renewal that failed is tried again. Milliseconds. */
const RETRY_MS = 500;

/** Says that this process is alive, and judges whether others are. */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #leaseMs: number;
  readonly #value: string;
  #taken: Promise<void> | undefined;
  readonly #after: After;
  readonly #now: () => number;
  #stopRenewal: () => void = () => {};
  /** Since when the own lease was never missing, by `now`: as long, those of others cannot have got lost. */
  #steadySince: number = AWAY;
  #toldOfFailure = false;
  #closed = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? 10_000;
    this.#value = options.value ?? '1';
    this.#after = options.after ?? afterOnTimer;
    this.#now = options.now ?? (() => performance.now());
  }

  /** From here on it is kept. Resolves when others can see it. */
  take(): Promise<void> {
    this.#taken ??= this.#begin().catch((thrown: unknown) => {
      this.#taken = undefined;
      throw thrown;
    });
    return this.#taken;
  }

  /** What is in the lease of another process; undefined when it has none, or has closed. */
  async of(id: string): Promise<string | undefined> {
    const value = await this.#options.state.get(keyOf(id));
    return value === CLOSED ? undefined : value;
  }

  /**
   * Whether another process has closed, or has let its lease lapse. After the store was away, or lost what it had, a lease that is
   * missing says nothing until everybody had the time to renew it.
   */
  async isGone(id: string): Promise<boolean> {
    await this.take();
    const value = await this.#options.state.get(keyOf(id));
    if (value !== undefined) return value === CLOSED;
    await this.#renew();
    return this.#now() - this.#steadySince >= this.#leaseMs / 2;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopRenewal();
    if (!this.#taken) return;
    await this.#taken.catch(() => {});
    await this.#options.state.set(keyOf(this.#options.id), CLOSED, { ttlMs: CLOSED_TTL_MS }).catch(() => false);
  }

  async #begin(): Promise<void> {
    await this.#renew();
    this.#renewLater(this.#leaseMs / 3);
  }

  #renewLater(ms: number): void {
    if (this.#closed) return;
    this.#stopRenewal = this.#after(ms, () => {
      this.#renew().then(
        () => {
          this.#toldOfFailure = false;
          this.#renewLater(this.#leaseMs / 3);
        },
        (error: unknown) => {
          if (!this.#toldOfFailure)
            this.#options.logger.warn({ error }, 'the lease of this replica could not be renewed');
          this.#toldOfFailure = true;
          this.#renewLater(Math.min(RETRY_MS, this.#leaseMs / 3));
        },
      );
    });
  }

  async #renew(): Promise<void> {
    const { state, id } = this.#options;
    try {
      const isThere = await state.touch(keyOf(id), this.#leaseMs, this.#value);
      if (this.#closed) return;
      if (!isThere) await state.set(keyOf(id), this.#value, { ttlMs: this.#leaseMs });
      if (!isThere || this.#steadySince === AWAY) this.#steadySince = this.#now();
    } catch (thrown) {
      this.#steadySince = AWAY;
      throw thrown;
    }
  }
}

function keyOf(id: string): string {
  return `replica:${id}`;
}
