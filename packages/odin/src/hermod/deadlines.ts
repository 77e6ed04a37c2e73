import { type After, afterOnTimer } from '../cluster/after.ts';

/** How often deadlines are looked at. Milliseconds. */
const SWEEP_MS = 1_000;

/**
 * Many deadlines, one timer. Entries share a list per second, so that a waiting one costs little more than its value;
 * an entry fires up to a second late, never early.
 */
export class Deadlines<T> {
  readonly #bySecond = new Map<number, T[]>();
  readonly #expire: (value: T) => void;
  readonly #now: () => number;
  readonly #after: After;
  #stop: (() => void) | undefined;

  constructor(expire: (value: T) => void, { now, after = afterOnTimer }: { now: () => number; after?: After }) {
    this.#expire = expire;
    this.#now = now;
    this.#after = after;
  }

  get size(): number {
    return [...this.#bySecond.values()].reduce((sum, list) => sum + list.length, 0);
  }

  /** @param at milliseconds of the clock that was given */
  add(at: number, value: T): void {
    const second = Math.ceil(at / 1_000);
    const list = this.#bySecond.get(second);
    if (list) list.push(value);
    else this.#bySecond.set(second, [value]);
    this.#stop ??= this.#after(SWEEP_MS, () => this.#sweep());
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Fires everything that is due. */
  #sweep(): void {
    this.#stop = undefined;
    const second = Math.floor(this.#now() / 1_000);
    for (const [due, values] of this.#bySecond) {
      if (due > second) continue;
      this.#bySecond.delete(due);
      for (const value of values) this.#expire(value);
    }
    if (this.#bySecond.size > 0) this.#stop ??= this.#after(SWEEP_MS, () => this.#sweep());
  }
}
