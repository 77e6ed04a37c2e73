import type { Topic } from '../protocol/exchange.ts';
import { formatChange, topicKey } from '../protocol/notifications.ts';
import type { ServerParts } from '../protocol/server-parts.ts';
import type { ExchangeSession } from '../protocol/session.ts';
import type { LogLevel } from '../protocol/vocabulary.ts';

/** More subscriptions than this are refused, so that one client cannot fill the memory. */
const MAX_SUBSCRIPTIONS = 1_000;
const LISTS: readonly Topic[] = [{ kind: 'tools' }, { kind: 'prompts' }, { kind: 'resources' }];

/** What a client of an era with a handshake sets for its pipe, and the changes that it is told (MCP 2025-11-25). */
export class PipeSession implements ExchangeSession {
  readonly #parts: ServerParts;
  readonly #write: (json: string) => Promise<void> | void;
  readonly #uris = new Set<string>();
  /** Changes that wait for the reader; those of one topic are one. */
  readonly #pending = new Map<string, Topic>();
  /** Until a client asks for a level the server decides (server/utilities/logging). */
  #level: LogLevel = 'info';
  #unsubscribe: () => void = () => {};
  #telling = false;

  constructor(parts: ServerParts, write: (json: string) => Promise<void> | void) {
    this.#parts = parts;
    this.#write = write;
  }

  get logLevel(): LogLevel {
    return this.#level;
  }

  async setLogLevel(level: LogLevel): Promise<void> {
    this.#level = level;
  }

  async subscribe(uri: string): Promise<boolean> {
    if (this.#uris.size >= MAX_SUBSCRIPTIONS && !this.#uris.has(uri)) return false;
    this.#uris.add(uri);
    this.#watch();
    return true;
  }

  async unsubscribe(uri: string): Promise<void> {
    if (!this.#uris.delete(uri)) return;
    this.#pending.delete(topicKey({ kind: 'resource', uri }));
    this.#watch();
  }

  /** The client is ready for messages that it did not ask for: `notifications/initialized`. */
  ready(): void {
    this.#watch();
  }

  close(): void {
    this.#unsubscribe();
    this.#pending.clear();
  }

  #watch(): void {
    this.#unsubscribe();
    const topics = [...LISTS, ...[...this.#uris].map((uri) => ({ kind: 'resource', uri }) as const)];
    this.#unsubscribe = this.#parts.bus.subscribe(topics, {
      changed: (topic) => {
        this.#pending.set(topicKey(topic), topic);
        void this.#tell();
      },
      closed: () => this.close(),
    });
  }

  async #tell(): Promise<void> {
    if (this.#telling) return;
    this.#telling = true;
    for (const [key, topic] of this.#pending) {
      this.#pending.delete(key);
      await this.#write(formatChange(topic));
    }
    this.#telling = false;
  }
}
