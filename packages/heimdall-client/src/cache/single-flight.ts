import { HeimdallError } from '../errors.ts';

/** Lets many callers wait for one run of the same work. */
export interface SingleFlight<T> {
  /**
   * Runs `work`, or joins the run of the same key that is under way. A run that fails fails for all who wait, and is forgotten.
   *
   * @throws HeimdallError `unavailable` when too many runs are under way
   */
  run(key: string, work: () => Promise<T>): Promise<T>;
  /** Runs under way. */
  readonly size: number;
  /** Callers that joined a run instead of starting one. */
  readonly joined: number;
}

/** Creates a single flight with at most `max` runs at once. */
export function createSingleFlight<T>(max: number): SingleFlight<T> {
  const running = new Map<string, Promise<T>>();
  let joined = 0;
  return {
    run(key, work) {
      const current = running.get(key);
      if (current !== undefined) {
        joined += 1;
        return current;
      }
      if (running.size >= max) {
        const message = `More than ${max} tokens wait for the issuer at once (option "maxConcurrency").`;
        return Promise.reject(new HeimdallError('unavailable', message, { retryAfterSeconds: 1 }));
      }
      const run = work().finally(() => running.delete(key));
      running.set(key, run);
      return run;
    },
    get size() {
      return running.size;
    },
    get joined() {
      return joined;
    },
  };
}
