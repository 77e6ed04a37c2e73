import { type After, afterOnTimer } from '../cluster/after.ts';
import type { Topic } from '../protocol/exchange.ts';
import { topicKey } from '../protocol/notifications.ts';
import type { TopicBus } from '../protocol/topic-bus.ts';

export interface MissedChangesOptions {
  readonly bus: TopicBus;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  /** @default the runtime's timers */
  readonly after?: After;
  /** Tells a change to everybody who is held. */
  readonly tell: (topic: Topic) => void;
  /** How long a change is remembered: as long as a proxy may be out of reach. Milliseconds. */
  readonly keepMs: number;
  /** How long after a return it is told: others return in the same moment. Milliseconds. @default 300 */
  readonly settleMs?: number;
  /** Changes that are remembered; the oldest are forgotten first. @default 10000 */
  readonly limit?: number;
}

/**
 * What changed while the way to a proxy may have been broken. Streams that it goes on holding heard nothing of it, so when
 * they come back all of it is told once more: to hear twice of a change does no harm, to hear of it never does.
 */
export class MissedChanges {
  readonly #options: Required<MissedChangesOptions>;
  readonly #changes = new Map<string, { readonly topic: Topic; readonly at: number }>();
  readonly #stop: () => void;
  #stopTimer: (() => void) | undefined;

  constructor(options: MissedChangesOptions) {
    this.#options = { settleMs: 300, limit: 10_000, after: afterOnTimer, ...options };
    this.#stop = options.bus.watch((topic) => this.#note(topic));
  }

  /** Streams that were out of reach are held again. */
  returned(): void {
    this.#stopTimer ??= this.#options.after(this.#options.settleMs, () => {
      this.#stopTimer = undefined;
      this.#tellAgain();
    });
  }

  close(): void {
    this.#stop();
    this.#stopTimer?.();
  }

  #note(topic: Topic): void {
    const { now, limit } = this.#options;
    const key = topicKey(topic);
    this.#changes.delete(key);
    this.#changes.set(key, { topic, at: now() });
    for (const [oldest, { at }] of this.#changes) {
      if (this.#changes.size <= limit && this.#isFresh(at)) break;
      this.#changes.delete(oldest);
    }
  }

  #tellAgain(): void {
    for (const { topic, at } of [...this.#changes.values()]) if (this.#isFresh(at)) this.#options.tell(topic);
  }

  #isFresh(at: number): boolean {
    return this.#options.now() - at <= this.#options.keepMs;
  }
}
