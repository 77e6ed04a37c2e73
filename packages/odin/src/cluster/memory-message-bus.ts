import { guard } from './guard.ts';
import { MemoryLog } from './memory-log.ts';
import type { AppendOptions, LogPage, MessageBus, Stop, TailListener } from './message-bus.ts';

export interface MemoryMessageBusOptions {
  /** Logs that are kept; beyond it the ones that were written least recently and have no reader go. @default 10000 */
  readonly maxLogs?: number;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** How many of the oldest logs every append looks at, so that expired ones go without a timer. */
const SWEEP_PER_APPEND = 4;
const SWEEP_WHEN_FULL = 64;

/** Messages within one process: for a server without replicas, and for tests. */
export class MemoryMessageBus implements MessageBus {
  readonly #logs = new Map<string, MemoryLog>();
  readonly #topics = new Map<string, Set<(data: string) => void>>();
  readonly #maxLogs: number;
  readonly #now: () => number;

  constructor({ maxLogs = 10_000, now = Date.now }: MemoryMessageBusOptions = {}) {
    this.#maxLogs = maxLogs;
    this.#now = now;
  }

  /** Logs that are held, expired ones included until they are swept. */
  get size(): number {
    return this.#logs.size;
  }

  async append(name: string, data: string, options: AppendOptions): Promise<string> {
    const log = this.#current(name) ?? new MemoryLog();
    this.#logs.delete(name);
    this.#sweep();
    this.#logs.set(name, log);
    log.expiresAt = this.#now() + options.ttlMs;
    return log.append(data, { maxLen: options.maxLen, maxChars: options.maxChars ?? Number.POSITIVE_INFINITY });
  }

  async read(name: string, after: string | undefined, limit: number): Promise<LogPage> {
    return this.#current(name)?.read(after, limit) ?? { items: [], truncated: after !== undefined };
  }

  async tail(name: string, after: string | undefined, listener: TailListener): Promise<Stop> {
    const current = this.#current(name);
    if (!current && after !== undefined) {
      guard(() => listener.lost());
      return () => {};
    }
    const log = current ?? this.#create(name);
    const stop = log.tail(after, listener);
    return () => {
      stop();
      if (log.quiet && log.expiresAt <= this.#now() && this.#logs.get(name) === log) this.#logs.delete(name);
    };
  }

  async publish(topic: string, data: string): Promise<void> {
    for (const listener of [...(this.#topics.get(topic) ?? [])]) guard(() => listener(data));
  }

  async subscribe(topic: string, listener: (data: string) => void): Promise<Stop> {
    const own = (data: string): void => listener(data);
    const listeners = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, listeners.add(own));
    return () => {
      listeners.delete(own);
      if (listeners.size === 0 && this.#topics.get(topic) === listeners) this.#topics.delete(topic);
    };
  }

  /** The log, if it has not expired. One that still has readers goes on empty, with its numbers. */
  #current(name: string): MemoryLog | undefined {
    const log = this.#logs.get(name);
    if (!log || log.expiresAt > this.#now()) return log;
    if (log.quiet) {
      this.#logs.delete(name);
      return undefined;
    }
    log.clear();
    return log;
  }

  #create(name: string): MemoryLog {
    const log = new MemoryLog();
    this.#sweep();
    this.#logs.set(name, log);
    return log;
  }

  #sweep(): void {
    let seen = 0;
    for (const [name, log] of this.#logs) {
      const full = this.#logs.size >= this.#maxLogs;
      if (seen >= (full ? SWEEP_WHEN_FULL : SWEEP_PER_APPEND)) return;
      seen += 1;
      if (log.quiet && (full || log.expiresAt <= this.#now())) this.#logs.delete(name);
    }
  }
}
