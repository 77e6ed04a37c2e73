/** Waits after failures: doubled from the first to the longest. Milliseconds. */
const firstMs = 1_000;
const longestMs = 30_000;

/** Gives an issuer that fails time to recover. */
export interface BackOff {
  /** How long nobody should ask, milliseconds; 0 when asking is fine. */
  remainingMs(): number;
  succeeded(): void;
  /** @returns how long nobody should ask now, milliseconds */
  failed(): number;
}

/**
 * Creates a back-off that begins with the given number of failures in a row. When a wait is over one attempt decides: it ends the
 * back-off or doubles it.
 */
export function createBackOff(now: () => number, failuresAllowed: number): BackOff {
  let failures = 0;
  let waitMs = 0;
  let until = 0;
  return {
    remainingMs: () => Math.max(0, until - now()),
    succeeded() {
      failures = 0;
      waitMs = 0;
      until = 0;
    },
    failed() {
      failures += 1;
      if (failures < failuresAllowed) return 0;
      waitMs = waitMs === 0 ? firstMs : Math.min(waitMs * 2, longestMs);
      until = now() + waitMs;
      return waitMs;
    },
  };
}

/** Whole seconds for `Retry-After`, at least one. */
export function retryAfterSeconds(waitMs: number): number {
  return Math.max(1, Math.ceil(waitMs / 1000));
}
