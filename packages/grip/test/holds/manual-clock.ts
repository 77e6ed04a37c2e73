const START = 1_700_000_000_000;

/** A clock that stands still until a test moves it. Give its members to the options `now`, `monotonic`, `setTimeout` and `clearTimeout`. */
export class ManualClock {
  #now = START;
  #timers = new Map<object, { at: number; callback: () => void }>();

  #set = 0;

  readonly now = (): number => this.#now + this.#set;

  readonly monotonic = (): number => this.#now - START;

  readonly setTimeout = (callback: () => void, ms: number): object => {
    const timer = {};
    this.#timers.set(timer, { at: this.#now + ms, callback });
    return timer;
  };

  readonly clearTimeout = (timer: object): void => {
    this.#timers.delete(timer);
  };

  get pending(): number {
    return this.#timers.size;
  }

  /** Sets the wall clock only, as an operator or NTP does. */
  set(ms: number): void {
    this.#set += ms;
  }

  /** Moves the time, calling what falls due in its order and letting promises settle after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const [due] = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (!due) break;
      const [timer, { at, callback }] = due;
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, at);
      callback();
      await settle();
    }
    this.#now = end;
  }
}

/** Lets every promise that can settle do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
