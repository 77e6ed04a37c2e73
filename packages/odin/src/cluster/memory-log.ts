import { guard } from './guard.ts';
import type { LogItem, LogPage, Stop, TailListener } from './message-bus.ts';

interface Tail {
  readonly listener: TailListener;
  /** Number of the last item it got. */
  reached: number;
}

interface Limits {
  readonly maxLen: number;
  readonly maxChars: number;
}

/** One log in memory: numbered items, the oldest of which may be gone. */
export class MemoryLog {
  #items: string[] = [];
  #first = 1;
  /** Number of the first item ever, or since everything was forgotten. */
  #begin = 1;
  #chars = 0;
  readonly #tails = new Set<Tail>();
  /** Epoch milliseconds. */
  expiresAt = 0;

  /** Nobody listens. */
  get quiet(): boolean {
    return this.#tails.size === 0;
  }

  get #last(): number {
    return this.#first + this.#items.length - 1;
  }

  append(data: string, limits: Limits): string {
    this.#items.push(data);
    this.#chars += data.length;
    const id = String(this.#last);
    for (const tail of [...this.#tails]) this.#advance(tail);
    this.#trim(limits);
    return id;
  }

  read(after: string | undefined, limit: number): LogPage {
    const from = after === undefined ? this.#begin : Number(after) + 1;
    if (!Number.isSafeInteger(from) || from > this.#last + 1) return { items: [], truncated: true };
    const start = Math.max(from, this.#first);
    const items = this.#items.slice(start - this.#first, start - this.#first + limit);
    return {
      items: items.map((data, at): LogItem => ({ id: String(start + at), data })),
      truncated: from < this.#first,
    };
  }

  tail(after: string | undefined, listener: TailListener): Stop {
    if (this.read(after, 0).truncated) {
      guard(() => listener.lost());
      return () => {};
    }
    const tail: Tail = { listener, reached: Number(after ?? this.#begin - 1) };
    this.#tails.add(tail);
    this.#advance(tail);
    return () => void this.#tails.delete(tail);
  }

  /** Forgets everything. Whoever listens goes on with what comes. */
  clear(): void {
    this.#first = this.#last + 1;
    this.#begin = this.#first;
    this.#items = [];
    this.#chars = 0;
  }

  #advance(tail: Tail): void {
    while (tail.reached < this.#last && this.#tails.has(tail)) {
      tail.reached += 1;
      const data = this.#items[tail.reached - this.#first] ?? '';
      const item = { id: String(tail.reached), data };
      guard(() => tail.listener.item(item));
    }
  }

  #trim({ maxLen, maxChars }: Limits): void {
    while (this.#items.length > 1 && (this.#items.length > maxLen || this.#chars > maxChars)) {
      this.#chars -= this.#items.shift()?.length ?? 0;
      this.#first += 1;
    }
  }
}
