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

/** How many of the oldest entries every write looks at, so that expired ones go without a timer. */
const SWEEP_PER_WRITE = 4;

/** State of one process: for a server without replicas, and for tests. */
export class MemoryStateStore implements StateStore {
  readonly #entries = new Map<string, Entry>();
  readonly #maxEntries: number;
  readonly #now: () => number;

  constructor({ maxEntries = 100_000, now = Date.now }: MemoryStateStoreOptions = {}) {
    this.#maxEntries = maxEntries;
    this.#now = now;
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
    let seen = 0;
    for (const [key, { expiresAt }] of this.#entries) {
      const full = this.#entries.size >= this.#maxEntries;
      if (!full && seen >= SWEEP_PER_WRITE) return;
      seen += 1;
      if (full || expiresAt <= this.#now()) this.#entries.delete(key);
    }
  }
}
