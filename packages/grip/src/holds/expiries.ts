import type { Clock } from './clock.ts';

const SLOT_MS = 1_000;

interface Slot<T> {
  readonly values: Set<T>;
  readonly cancel: () => void;
}

/**
 * Many ends, one timer for all of the same second: a timer for each would be a good part of what a waiting hold costs.
 * An end comes up to a second late, never early.
 */
export class Expiries<T> {
  readonly #clock: Clock;
  readonly #expire: (value: T) => void;
  readonly #slots = new Map<number, Slot<T>>();

  constructor(clock: Clock, expire: (value: T) => void) {
    this.#clock = clock;
    this.#expire = expire;
  }

  /** @returns the second that it is in, to remove it by */
  add(afterMs: number, value: T): number {
    const second = Math.ceil((this.#clock.monotonic() + Math.max(afterMs, 0)) / SLOT_MS);
    const known = this.#slots.get(second);
    if (known) {
      known.values.add(value);
      return second;
    }
    const cancel = this.#clock.watch(second * SLOT_MS - this.#clock.monotonic(), () => this.#fire(second));
    this.#slots.set(second, { values: new Set([value]), cancel });
    return second;
  }

  remove(second: number, value: T): void {
    const slot = this.#slots.get(second);
    if (!slot?.values.delete(value) || slot.values.size > 0) return;
    slot.cancel();
    this.#slots.delete(second);
  }

  #fire(second: number): void {
    const slot = this.#slots.get(second);
    this.#slots.delete(second);
    for (const value of slot?.values ?? []) this.#expire(value);
  }
}
