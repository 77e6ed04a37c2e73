/**
 * Many deadlines, one timer. Entries share a list per second, so that a waiting one costs little more than its value;
 * an entry fires up to a second late, never early.
 */
export class Deadlines<T> {
  readonly #bySecond = new Map<number, T[]>();
  readonly #expire: (value: T) => void;
  readonly #now: () => number;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(expire: (value: T) => void, now: () => number = Date.now) {
    this.#expire = expire;
    this.#now = now;
  }

  get size(): number {
    return [...this.#bySecond.values()].reduce((sum, list) => sum + list.length, 0);
  }

  /** @param at epoch milliseconds */
  add(at: number, value: T): void {
    const second = Math.ceil(at / 1_000);
    const list = this.#bySecond.get(second);
    if (list) list.push(value);
    else this.#bySecond.set(second, [value]);
    this.#start();
  }

  /** Fires everything that is due. Called by the timer. */
  sweep(): void {
    const second = Math.floor(this.#now() / 1_000);
    for (const [due, values] of this.#bySecond) {
      if (due > second) continue;
      this.#bySecond.delete(due);
      for (const value of values) this.#expire(value);
    }
    if (this.#bySecond.size === 0) this.close();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #start(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.sweep(), 1_000);
    (this.#timer as { unref?: () => void }).unref?.();
  }
}
