import type { Clock } from './clock.ts';
import type { HeldAnswer } from './held-answer.ts';

/** Bytes of all logs together that are kept for streams that have ended. */
const MAX_BYTES = 67_108_864;

/**
 * Streams that have ended as planned, but whose clients may have missed the end: kept until the proxy says that they are gone,
 * for a while at most.
 */
export class Remains {
  readonly #clock: Clock;
  readonly #retainMs: number;
  readonly #entries = new Map<string, { hold: HeldAnswer; cancel: () => void }>();
  #bytes = 0;

  constructor(clock: Clock, retainMs: number) {
    this.#clock = clock;
    this.#retainMs = retainMs;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(channel: string): HeldAnswer | undefined {
    return this.#entries.get(channel)?.hold;
  }

  add(hold: HeldAnswer): void {
    const cancel = this.#clock.watch(this.#retainMs, () => this.delete(hold.channel));
    this.#entries.set(hold.channel, { hold, cancel });
    this.#bytes += hold.outbox.log?.bytes ?? 0;
    for (const [oldest] of this.#entries) {
      if (this.#bytes <= MAX_BYTES) break;
      this.delete(oldest);
    }
  }

  delete(channel: string): void {
    const entry = this.#entries.get(channel);
    if (!entry) return;
    entry.cancel();
    this.#entries.delete(channel);
    this.#bytes -= entry.hold.outbox.log?.bytes ?? 0;
  }

  clear(): void {
    for (const channel of [...this.#entries.keys()]) this.delete(channel);
  }
}
