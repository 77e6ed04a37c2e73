/** Time, as holds use it: injected, so that tests need not wait. */
export interface Clock {
  /** Epoch milliseconds: for moments that others name, never for durations, because it can be set back. */
  now(): number;
  /** Milliseconds of a clock that only goes forward: for durations. */
  monotonic(): number;
  /** Calls back after so many milliseconds. Returns what cancels it. */
  after(ms: number, callback: () => void): () => void;
  /** The same, but does not keep the process alive. */
  watch(ms: number, callback: () => void): () => void;
}

/** Where a {@link Clock} comes from; the globals by default. */
export interface ClockOptions {
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Milliseconds of a clock that only goes forward, for durations. @default performance.now */
  readonly monotonic?: () => number;
  /** @default globalThis.setTimeout */
  readonly setTimeout?: (callback: () => void, ms: number) => unknown;
  /** Takes what `setTimeout` returned. @default globalThis.clearTimeout */
  readonly clearTimeout?: (timer: never) => void;
}

/** Timers count in a signed 32-bit number; a longer wait would fire at once. */
const MAX_DELAY_MS = 2_147_483_647;

/** Makes a clock of the given functions or the globals. */
export function createClock(options: ClockOptions = {}): Clock {
  const { now = Date.now, monotonic = () => performance.now() } = options;
  const { setTimeout = globalThis.setTimeout, clearTimeout = globalThis.clearTimeout } = options;
  const start = (ms: number, callback: () => void): unknown =>
    setTimeout(callback, Math.min(Math.max(ms, 0), MAX_DELAY_MS));
  const stop = (timer: unknown) => (): void => clearTimeout(timer as never);
  return {
    now,
    monotonic,
    after: (ms, callback) => stop(start(ms, callback)),
    watch(ms, callback) {
      const timer = start(ms, callback);
      if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref();
      return stop(timer);
    },
  };
}
