import { Chain, type Chained } from '../chain.ts';
import { MAX_DELAY_MS } from '../option-rules.ts';
import type { Ending } from '../protocol/cancellation.ts';
import { GRACE_MS } from '../protocol/grace.ts';

/** A call that can be ended from this side. */
export interface RunningCall extends Chained<RunningCall> {
  /** Resolves when its client has an answer. */
  end(ending: Ending): Promise<void>;
}

/** Clients that read nothing get no longer to take their answers than that. Milliseconds. */
const DELIVERY_MS = 2 * GRACE_MS;

/** Counts the requests that are being answered, and knows the calls among them. */
export class InFlight {
  #count = 0;
  #idle: (() => void) | undefined;
  readonly #calls = new Chain<RunningCall>();

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#idle?.();
  }

  enter(call: RunningCall): void {
    this.#calls.join(call);
  }

  leave(call: RunningCall): void {
    this.#calls.leave(call);
  }

  /** Resolves when there are none, or the time is up. */
  untilIdle(deadlineMs: number): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return within(deadlineMs, (done) => {
      this.#idle = done;
    });
  }

  /** Ends every call that still runs. Resolves when the clients have their answers, or do not take them. */
  endCalls(ending: Ending): Promise<void> {
    const ends = this.#calls.list().map((call) => call.end(ending));
    if (ends.length === 0) return Promise.resolve();
    return within(DELIVERY_MS, (done) => void Promise.allSettled(ends).then(done));
  }
}

function within(ms: number, start: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.min(ms, MAX_DELAY_MS));
    start(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
