import type { Topic } from '../protocol/exchange.ts';
import { topicKey } from '../protocol/notifications.ts';
import type { TopicBus } from '../protocol/topic-bus.ts';

interface Waiting {
  readonly missed: Map<string, Topic>;
  readonly stop: () => void;
}

/**
 * What changes between the acknowledgement of a subscription and the moment the proxy holds it: nobody else hears of it.
 * Bounded by the topics, since changes of one topic are one change.
 */
export class CatchUp {
  readonly #bus: TopicBus;
  readonly #waiting = new Map<number, Waiting>();

  constructor(bus: TopicBus) {
    this.#bus = bus;
  }

  start(number: number, topics: readonly Topic[]): void {
    const missed = new Map<string, Topic>();
    const stop = this.#bus.subscribe(topics, {
      changed: (topic) => missed.set(topicKey(topic), topic),
      closed: () => {},
    });
    this.#waiting.set(number, { missed, stop });
  }

  isWaiting(number: number): boolean {
    return this.#waiting.has(number);
  }

  /** What was missed; undefined when nothing was collected for it. */
  finish(number: number): readonly Topic[] | undefined {
    const waiting = this.#waiting.get(number);
    if (!waiting) return undefined;
    waiting.stop();
    this.#waiting.delete(number);
    return [...waiting.missed.values()];
  }

  close(): void {
    for (const number of [...this.#waiting.keys()]) this.finish(number);
  }
}
