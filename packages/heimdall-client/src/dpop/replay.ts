import { HeimdallError } from '../errors.ts';

/**
 * Remembers used proofs for all replicas that share it, so that a proof is good once among them. An implementation must decide and note in one step, must
 * not forget early, and must reject, within a bounded time, when it cannot tell: then the proof is not accepted.
 */
export interface ReplayStore {
  /**
   * Notes a proof.
   *
   * @param id 43 characters of base64url: a digest, from which neither token nor proof can be learned
   * @param ttlMs how long it must be remembered, milliseconds
   * @returns whether it is new
   */
  remember(id: string, ttlMs: number): boolean | Promise<boolean>;
}

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
