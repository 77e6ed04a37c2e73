/** Pseudo-random numbers that a seed determines (mulberry32). Not for secrets. */
export class Random {
  #state: number;

  /** @param streams further numbers, so that one seed gives many independent sequences */
  constructor(seed: number, ...streams: readonly number[]) {
    this.#state = streams.reduce((state, stream) => Math.imul(state ^ stream, 0x9e3779b1) ^ (state >>> 15), seed | 0);
    for (let warmUp = 0; warmUp < 4; warmUp += 1) this.next();
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 up to, not including, the bound. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws Error for an empty list */
  pick<T>(items: readonly T[]): T {
    const [first] = items;
    if (first === undefined && items.length === 0) throw new Error('pick: there is nothing to pick from');
    return items[this.below(items.length)] as T;
  }
}
