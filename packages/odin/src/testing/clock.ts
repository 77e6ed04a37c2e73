/** A clock that stands still until it is moved. Pass `now` to the server's option of that name. */
export interface TestClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  advance(ms: number): void;
}

/** @param start milliseconds since the epoch. @default 2026-01-01T00:00:00Z */
export function createTestClock(start: number = Date.UTC(2026, 0, 1)): TestClock {
  let at = start;
  return {
    now: () => at,
    advance: (ms) => {
      at += ms;
    },
  };
}
