import type { Topic } from './exchange.ts';
import { topicKey } from './notifications.ts';

/** What a stream of this process wants to hear of. */
export interface TopicListener {
  changed(topic: Topic): void;
  /** The server goes for good; no more changes will come. */
  closed(): void;
}

/** Changes, from `notify` to the streams that this process serves itself. Cost of a change: its own listeners only. */
export class TopicBus {
  readonly #byTopic = new Map<string, Set<TopicListener>>();
  readonly #listeners = new Set<TopicListener>();
  readonly #watchers = new Set<(topic: Topic) => void>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#listeners.size >= this.#limit;
  }

  /** @returns ends the subscription; may be called more than once */
  subscribe(topics: readonly Topic[], listener: TopicListener): () => void {
    const keys = topics.map(topicKey);
    this.#listeners.add(listener);
    for (const key of keys) setOf(this.#byTopic, key).add(listener);
    return () => {
      this.#listeners.delete(listener);
      for (const key of keys) {
        const set = this.#byTopic.get(key);
        set?.delete(listener);
        if (set?.size === 0) this.#byTopic.delete(key);
      }
    };
  }

  /** Hears of every change, whoever wants it. @returns ends it */
  watch(watcher: (topic: Topic) => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  publish(topic: Topic): void {
    for (const watcher of this.#watchers) watcher(topic);
    for (const listener of this.#byTopic.get(topicKey(topic)) ?? []) listener.changed(topic);
  }

  close(): void {
    for (const listener of [...this.#listeners]) listener.closed();
  }
}

function setOf(map: Map<string, Set<TopicListener>>, key: string): Set<TopicListener> {
  const known = map.get(key);
  if (known) return known;
  const made = new Set<TopicListener>();
  map.set(key, made);
  return made;
}
