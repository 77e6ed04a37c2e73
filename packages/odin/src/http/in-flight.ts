import { MAX_DELAY_MS } from '../option-rules.ts';
import type { Ending } from '../protocol/cancellation.ts';
import { GRACE_MS } from '../protocol/grace.ts';

/** A call that can be ended from this side. */
export interface RunningCall {
  /** Resolves when its client has an answer. */
  end(ending: Ending): Promise<void>;
  /** Its neighbours among the running calls, kept by {@link InFlight}. */
  before: RunningCall | undefined;
  after: RunningCall | undefined;
}

/** Clients that read nothing get no longer to take their answers than that. Milliseconds. */
const DELIVERY_MS = 2 * GRACE_MS;

/** Counts the requests that are being answered, and knows the calls among them. */
export class InFlight {
  #count = 0;
  #idle: (() => void) | undefined;
  /** End of a chain of calls: every request joins and leaves it, and a set would have to hash each. */
  #last: RunningCall | undefined;

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#idle?.();
  }

  enter(call: RunningCall): void {
    call.before = this.#last;
    if (this.#last) this.#last.after = call;
    this.#last = call;
  }

  leave(call: RunningCall): void {
    const { before, after } = call;
    if (before) before.after = after;
    if (after) after.before = before;
    else if (this.#last === call) this.#last = before;
    call.before = undefined;
    call.after = undefined;
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
    const ends: Promise<void>[] = [];
    for (let call = this.#last; call; call = call.before) ends.push(call.end(ending));
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
