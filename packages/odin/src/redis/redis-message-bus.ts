import { guard } from '../cluster/guard.ts';
import type { AppendOptions, LogPage, MessageBus, Stop, TailListener } from '../cluster/message-bus.ts';
import type { Link } from './link.ts';
import { continues, type Place, parsePage, parsePlace, type RawPage } from './log-page.ts';
import { wholeMs } from './redis-state-store.ts';
import { RedisTail } from './redis-tail.ts';
import type { Topics } from './topics.ts';

export interface RedisMessageBusOptions {
  readonly commands: Link;
  readonly topics: Topics;
  readonly keys: string;
  readonly channels: string;
}

/** Messages between all replicas that use one Redis. */
export class RedisMessageBus implements MessageBus {
  readonly #options: RedisMessageBusOptions;

  constructor(options: RedisMessageBusOptions) {
    this.#options = options;
  }

  append(log: string, data: string, { maxLen, maxChars = -1, ttlMs }: AppendOptions): Promise<string> {
    const { commands } = this.#options;
    return commands.run((redis) =>
      redis.odinAppend(this.#key(log), data, data.length, maxLen, maxChars, wholeMs(ttlMs), this.#newsOf(log)),
    );
  }

  async read(log: string, after: string | undefined, limit: number): Promise<LogPage> {
    const place = after === undefined ? undefined : parsePlace(after);
    if (after !== undefined && !place) return { items: [], truncated: true };
    const page = await this.#read(log, place, limit);
    if (!page) return { items: [], truncated: place !== undefined };
    return { items: page.items, truncated: !continues(page, place) };
  }

  async tail(log: string, after: string | undefined, listener: TailListener): Promise<Stop> {
    const place = after === undefined ? undefined : parsePlace(after);
    if (after !== undefined && !place) {
      guard(() => listener.lost());
      return () => {};
    }
    let leave: Stop | undefined;
    const tail = new RedisTail({
      after: place,
      listener,
      read: (from, limit) => this.#read(log, from, limit),
      onEnd: () => leave?.(),
    });
    leave = await this.#options.topics.subscribe(this.#newsOf(log), tail);
    try {
      await tail.begin();
    } catch (thrown) {
      tail.end();
      throw thrown;
    }
    return () => tail.end();
  }

  async publish(topic: string, data: string): Promise<void> {
    await this.#options.commands.run((redis) => redis.publish(this.#channelOf(topic), data));
  }

  async subscribe(topic: string, listener: (data: string) => void): Promise<Stop> {
    let stopped = false;
    const message = (text: string): void => {
      if (!stopped) guard(() => listener(text));
    };
    const leave = await this.#options.topics.subscribe(this.#channelOf(topic), { message });
    return () => {
      stopped = true;
      leave();
    };
  }

  async #read(log: string, after: Place | undefined, limit: number): Promise<RawPage | undefined> {
    const { generation = '', number = 0 } = after ?? {};
    return parsePage(
      await this.#options.commands.run((redis) => redis.odinRead(this.#key(log), generation, number, limit)),
    );
  }

  #key(log: string): string {
    return `${this.#options.keys}log:${log}`;
  }

  #newsOf(log: string): string {
    return `${this.#options.channels}log:${log}`;
  }

  #channelOf(topic: string): string {
    return `${this.#options.channels}topic:${topic}`;
  }
}
