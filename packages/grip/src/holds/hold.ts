import type { GripError } from '../errors.ts';
import type { HoldInstruction } from '../wire/hold.ts';

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
   * Aborts with a {@link GripError}: `departed`, `not_ready`, `publish_failed`, `gap`: nobody can be reached any more. `expired`, `drained`: the
   * hold closes soon, and `end()` still reaches the client. Does not abort when the hold ends as planned.
   */
  readonly signal: AbortSignal;
  /** Calls back once when the signal aborts, at once if it has. Saves making a signal, which is a large part of a waiting hold. */
  onAbort(listener: (reason: GripError) => void): void;
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
