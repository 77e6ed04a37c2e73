import type { SetOptions, StateStore } from './state-store.ts';

export interface MemoryStateStoreOptions {
  /** Values that are kept; beyond it the oldest are forgotten. @default 100000 */
  readonly maxEntries?: number;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

interface Entry {
  readonly value: string;
  readonly expiresAt: number;
}

/** How many entries every write looks at, in turns, so that expired ones go without a timer, wherever they are. */
const SWEEP_PER_WRITE = 4;

/** State of one process: for a server without replicas, and for tests. */
export class MemoryStateStore implements StateStore {
  readonly #entries = new Map<string, Entry>();
  readonly #maxEntries: number;
  readonly #now: () => number;
  /** Where the last look ended. What is written meanwhile comes in its turn. */
  #turn: MapIterator<[string, Entry]>;

  constructor({ maxEntries = 100_000, now = Date.now }: MemoryStateStoreOptions = {}) {
    this.#maxEntries = maxEntries;
    this.#now = now;
    this.#turn = this.#entries.entries();
  }

  /** Values that are held, expired ones included until they are swept. */
  get size(): number {
    return this.#entries.size;
  }

  async get(key: string): Promise<string | undefined> {
    return this.#current(key);
  }

  async set(key: string, value: string, { ttlMs, if: condition }: SetOptions): Promise<boolean> {
    const current = this.#current(key);
    if (condition === 'absent' && current !== undefined) return false;
    if (typeof condition === 'object' && current !== condition.is) return false;
    this.#put(key, value, ttlMs);
    return true;
  }

  async touch(key: string, ttlMs: number, is?: string): Promise<boolean> {
    const current = this.#current(key);
    if (current === undefined || (is !== undefined && current !== is)) return false;
    this.#put(key, current, ttlMs);
    return true;
  }

  async delete(key: string, is?: string): Promise<boolean> {
    const current = this.#current(key);
    if (current === undefined || (is !== undefined && current !== is)) return false;
    return this.#entries.delete(key);
  }

  #current(key: string): string | undefined {
    const entry = this.#entries.get(key);
    if (!entry || entry.expiresAt > this.#now()) return entry?.value;
    this.#entries.delete(key);
    return undefined;
  }

  #put(key: string, value: string, ttlMs: number): void {
    this.#entries.delete(key);
    this.#sweep();
    this.#entries.set(key, { value, expiresAt: this.#now() + ttlMs });
  }

  #sweep(): void {
    for (let seen = 0; seen < SWEEP_PER_WRITE; seen += 1) {
      const { done, value } = this.#turn.next();
      if (done) {
        this.#turn = this.#entries.entries();
        break;
      }
      const [key, { expiresAt }] = value;
      if (expiresAt <= this.#now()) this.#entries.delete(key);
    }
    for (const key of this.#entries.keys()) {
      if (this.#entries.size < this.#maxEntries) return;
      this.#entries.delete(key);
    }
  }
}
