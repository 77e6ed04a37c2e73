/** How long an unsubscription waits for the news that its connection is lost. Milliseconds. */
const SETTLE_MS = 5;
/** How long after that news unsubscriptions still belong to it. Milliseconds. */
const BREAK_MS = 1_000;

/** Where {@link Departures} get time from. */
export interface DeparturesClock {
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** Calls back after so many milliseconds, and after events that came before. Returns what cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/**
 * Tells departed clients from a lost connection. ZeroMQ reports a lost connection twice, in no certain order: as an event, and as
 * an unsubscription of every channel. So an unsubscription waits a moment for the event; a client's departure is told after that.
 */
export class Departures {
  readonly #tell: (channel: string, broken: boolean) => void;
  readonly #clock: DeparturesClock;
  /** Unsubscriptions that nothing explains yet, and when they count as departures. */
  readonly #waiting = new Map<string, number>();
  #brokenUntil = Number.NEGATIVE_INFINITY;
  #stop: (() => void) | undefined;

  constructor(tell: (channel: string, broken: boolean) => void, clock: DeparturesClock = realClock) {
    this.#tell = tell;
    this.#clock = clock;
  }

  unsubscribed(channel: string): void {
    if (this.#clock.now() < this.#brokenUntil) return this.#tell(channel, true);
    this.#waiting.set(channel, this.#clock.now() + SETTLE_MS);
    this.#schedule(SETTLE_MS);
  }

  /** Call it before the subscription is told: a channel that comes back in the same moment had a broken connection. */
  subscribed(channel: string): void {
    if (this.#waiting.delete(channel)) this.#tell(channel, true);
  }

  /** The connection is lost. */
  broke(): void {
    this.#brokenUntil = this.#clock.now() + BREAK_MS;
    this.#tellUntil(Number.POSITIVE_INFINITY, true);
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#waiting.clear();
  }

  #schedule(ms: number): void {
    this.#stop ??= this.#clock.after(ms, () => {
      this.#stop = undefined;
      this.#tellUntil(this.#clock.now(), false);
      const [next] = this.#waiting.values();
      if (next !== undefined) this.#schedule(next - this.#clock.now());
    });
  }

  #tellUntil(time: number, broken: boolean): void {
    for (const [channel, due] of this.#waiting) {
      if (due > time) return;
      this.#waiting.delete(channel);
      this.#tell(channel, broken);
    }
  }
}

const realClock: DeparturesClock = {
  now: () => performance.now(),
  after(ms, callback) {
    let immediate: ReturnType<typeof setImmediate> | undefined;
    // A timer that fell due while the event loop was busy comes before the events that it kept waiting; an immediate comes after.
    const timer = setTimeout(() => {
      immediate = setImmediate(callback);
    }, ms);
    return () => {
      clearTimeout(timer);
      clearImmediate(immediate);
    };
  },
};
