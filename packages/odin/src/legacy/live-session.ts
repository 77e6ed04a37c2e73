import type { ExchangeSession } from '../protocol/session.ts';
import type { LogLevel } from '../protocol/vocabulary.ts';
import type { Session } from './session.ts';
import type { SessionRecord, SessionRecords } from './session-records.ts';

/** Until a client asks for a level the server decides (MCP 2025-11-25, server/utilities/logging). */
const FIRST_LEVEL: LogLevel = 'info';

export interface LiveSessionOptions {
  readonly records: SessionRecords;
  /** Tells every replica that the subscriptions are others now. */
  readonly changed: () => Promise<void>;
}

/** One session as one exchange sees it. */
export class LiveSession implements ExchangeSession {
  readonly #session: Session;
  readonly #records: SessionRecords;
  readonly #changed: () => Promise<void>;
  #level: LogLevel;

  constructor(session: Session, record: SessionRecord, options: LiveSessionOptions) {
    this.#session = session;
    this.#records = options.records;
    this.#changed = options.changed;
    this.#level = record.level ?? FIRST_LEVEL;
  }

  get logLevel(): LogLevel {
    return this.#level;
  }

  async setLogLevel(level: LogLevel): Promise<void> {
    await this.#records.change(this.#session, (record) => ({ ...record, level }));
    this.#level = level;
  }

  async subscribe(uri: string): Promise<boolean> {
    const fits = await this.#records.change(this.#session, (record) => ({
      ...record,
      uris: [...new Set([...(record.uris ?? []), uri])],
    }));
    if (fits) await this.#changed();
    return fits;
  }

  async unsubscribe(uri: string): Promise<void> {
    await this.#records.change(this.#session, (record) => ({
      ...record,
      uris: (record.uris ?? []).filter((known) => known !== uri),
    }));
    await this.#changed();
  }
}
