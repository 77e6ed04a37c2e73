import { type After, afterOnTimer } from '../cluster/after.ts';
import { startOfMinute } from './own-channels.ts';

export interface OrphansOptions {
  readonly end: (channel: string) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** @default the runtime's timers */
  readonly after?: After;
  /** From 0 to 1, so that replicas do not look at the same moment. @default Math.random() */
  readonly random?: number;
}

/** How often ends are looked for. Milliseconds. */
const SWEEP_MS = 60_000;
/** The name of a stream tells its end in whole minutes, rounded down. */
const ROUNDING_MS = 60_000;

/**
 * Streams of other replicas, for as long as the proxy holds them. Their own replica ends them in time; those whose replica is gone, and whose name nobody
 * took over, are ended here, a minute or two late.
 */
export class Orphans {
  readonly #options: OrphansOptions;
  readonly #after: After;
  readonly #held = new Map<string, number>();
  #stop: (() => void) | undefined;

  constructor(options: OrphansOptions) {
    this.#options = options;
    this.#after = options.after ?? afterOnTimer;
  }

  /** Streams that are watched. */
  get size(): number {
    return this.#held.size;
  }

  add(channel: string, endsAtMinute: number): void {
    this.#held.set(channel, endsAtMinute);
    const { random = Math.random() } = this.#options;
    this.#stop ??= this.#after(random * SWEEP_MS, () => this.#sweep());
  }

  delete(channel: string): void {
    this.#held.delete(channel);
  }

  close(): void {
    this.#stop?.();
    this.#held.clear();
  }

  #sweep(): void {
    const now = this.#options.now();
    for (const [channel, minute] of this.#held) {
      if (startOfMinute(minute) + ROUNDING_MS > now) continue;
      this.#held.delete(channel);
      this.#options.end(channel);
    }
    this.#stop = this.#held.size > 0 ? this.#after(SWEEP_MS, () => this.#sweep()) : undefined;
  }
}
