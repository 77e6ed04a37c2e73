/**
 * Limits how fast one stream publishes. The proxy queues 100 items for a session and then drops in silence, so a burst goes out
 * in a few large items instead of many small ones.
 */
export interface Pace {
  /** Milliseconds until the next item may go out; 0 for now. */
  delay(): number;
  /** An item goes out. */
  spend(): void;
}

/** Options of {@link createPace}. */
export interface PaceOptions {
  /** Items that may go out at once after a quiet time. */
  readonly burst: number;
  /** Milliseconds that each further item takes. */
  readonly intervalMs: number;
  readonly now: () => number;
}

/** Creates a pace with a full burst to spend. */
export function createPace({ burst, intervalMs, now }: PaceOptions): Pace {
  const span = burst * intervalMs;
  let full = now();
  return {
    delay: () => Math.max(0, full + intervalMs - span - now()),
    spend() {
      full = Math.max(full, now()) + intervalMs;
    },
  };
}
