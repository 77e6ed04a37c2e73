/** Options of {@link Pace}. */
export interface PaceOptions {
  /** Items that may go out at once after a quiet time. */
  readonly burst: number;
  /** Milliseconds that each further item takes. */
  readonly intervalMs: number;
}

/**
 * Limits how fast one stream publishes. The proxy queues 100 items for a session and then drops in silence, so a burst goes out
 * in a few large items instead of many small ones.
 */
export class Pace {
  readonly #options: PaceOptions;
  readonly #now: () => number;
  #full: number;

  /** A pace with a full burst to spend. `now`: milliseconds of a clock that only goes forward. */
  constructor(options: PaceOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
    this.#full = now();
  }

  /** Milliseconds until the next item may go out; 0 for now. */
  delay(): number {
    const { burst, intervalMs } = this.#options;
    return Math.max(0, this.#full + intervalMs - burst * intervalMs - this.#now());
  }

  /** An item goes out. */
  spend(): void {
    this.#full = Math.max(this.#full, this.#now()) + this.#options.intervalMs;
  }
}
