import type { Stop } from '../cluster/message-bus.ts';
import { Link } from './link.ts';
import type { ResolvedRedis } from './options.ts';
import type { ScriptedRedis } from './scripts.ts';

export interface TopicListener {
  message(text: string): void;
  /** Messages may be missed from here on. `heardAt`: when the connection was last known to be good, `performance.now()`. */
  lost?(heardAt: number): void;
  /** Messages come again. */
  back?(): void;
}

/** Channels that one command takes. */
const BATCH = 1_000;

/** The connection that listens, and who listens to what. */
export class Topics {
  readonly #link: Link;
  readonly #listeners = new Map<string, Set<TopicListener>>();
  #heardAt: number = performance.now();

  constructor(options: ResolvedRedis) {
    this.#link = new Link(options, {
      onReady: (redis) => void this.#resubscribe(redis),
      onLost: () => this.#lose(),
      onMessage: (channel, message) => this.#hear(channel, message),
      onPong: () => {
        this.#heardAt = performance.now();
      },
    });
  }

  get connected(): boolean {
    return this.#link.connected;
  }

  /** Resolves when Redis has confirmed that messages come. */
  async subscribe(channel: string, listener: TopicListener): Promise<Stop> {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    const stop = (): void => this.#remove(channel, listener);
    try {
      // Also when others listen already: their subscription may be on its way.
      await this.#link.run((redis) => redis.subscribe(channel));
    } catch (thrown) {
      stop();
      throw thrown;
    }
    return stop;
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#link.close();
  }

  #remove(channel: string, listener: TopicListener): void {
    const listeners = this.#listeners.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#listeners.delete(channel);
    this.#leave(channel);
  }

  #leave(channel: string): void {
    if (this.#link.connected) this.#link.run((redis) => redis.unsubscribe(channel)).catch(() => {});
  }

  #hear(channel: string, message: string): void {
    this.#heardAt = performance.now();
    const listeners = this.#listeners.get(channel);
    // A subscription that was given up, and took effect all the same.
    if (!listeners) return this.#leave(channel);
    for (const listener of [...listeners]) if (listeners.has(listener)) listener.message(message);
  }

  async #resubscribe(redis: ScriptedRedis): Promise<void> {
    const channels = [...this.#listeners.keys()];
    try {
      for (let at = 0; at < channels.length; at += BATCH) await redis.subscribe(...channels.slice(at, at + BATCH));
    } catch {
      return this.#link.renew();
    }
    this.#heardAt = performance.now();
    for (const listener of this.#everybody()) listener.back?.();
  }

  #lose(): void {
    for (const listener of this.#everybody()) listener.lost?.(this.#heardAt);
  }

  #everybody(): TopicListener[] {
    return [...this.#listeners.values()].flatMap((listeners) => [...listeners]);
  }
}
