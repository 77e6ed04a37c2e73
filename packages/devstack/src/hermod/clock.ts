/** Stops a timer; harmless when it has fired already. */
export type Cancel = () => void;

/** Time and chance, handed in so that tests decide both. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Runs once, `ms` milliseconds from now. */
  after(ms: number, run: () => void): Cancel;
}

/** The machine's own. Its timers do not keep a process alive by themselves: the open connections do. */
export const systemClock: Clock = {
  now: Date.now,
  random: Math.random,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
