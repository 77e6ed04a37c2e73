import { HeimdallError } from '../errors.ts';

/** Knows what has been used, so that it is used once. */
export interface ReplayMemory {
  /**
   * Notes an id.
   *
   * @returns whether it is new
   * @throws HeimdallError `unavailable` when no more can be remembered: forgetting one would let it be used twice
   */
  use(id: string): boolean;
  /** Ids that are remembered. */
  readonly size: number;
}

/** Creates a memory that keeps each id for the time in which it would be accepted again. */
export function createReplayMemory(options: {
  readonly maxEntries: number;
  readonly keepMs: number;
  readonly now: () => number;
}): ReplayMemory {
  const { maxEntries, keepMs, now } = options;
  /** Oldest first: all are kept for the same time. */
  const until = new Map<string, number>();

  function forgetOld(): void {
    for (const [id, end] of until) {
      if (end > now()) return;
      until.delete(id);
    }
  }

  return {
    use(id) {
      forgetOld();
      if (until.has(id)) return false;
      if (until.size >= maxEntries) {
        throw new HeimdallError('unavailable', `More than ${maxEntries} proofs are remembered.`, {
          retryAfterSeconds: 1,
        });
      }
      until.set(id, now() + keepMs);
      return true;
    },
    get size() {
      return until.size;
    },
  };
}
