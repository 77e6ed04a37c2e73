/** A clock that stands still until it is moved. Pass `now` and `after` to the options of that name. */
export interface TestClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Runs something when the clock was moved that many milliseconds on. Returns what takes it back. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** Moves it, and runs what is due on the way, in its order and each at its own time. */
  advance(ms: number): void;
}

/** @param start milliseconds since the epoch. @default 2026-01-01T00:00:00Z */
export function createTestClock(start: number = Date.UTC(2026, 0, 1)): TestClock {
  const waiting = new Set<{ readonly at: number; readonly run: () => void }>();
  let now = start;
  return {
    now: () => now,
    after: (ms, run) => {
      const entry = { at: now + ms, run };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const [first] = [...waiting].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!first) break;
        waiting.delete(first);
        now = Math.max(now, first.at);
        first.run();
      }
      now = end;
    },
  };
}
