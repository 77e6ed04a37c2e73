import type { LogLevel } from './vocabulary.ts';

/**
 * What a client of an era with sessions can set for all of its later requests. Absent where nothing outlives a request.
 */
export interface ExchangeSession {
  /** Least severe level of `notifications/message` that the client wants. */
  readonly logLevel: LogLevel;
  setLogLevel(level: LogLevel): Promise<void>;
  /** False when the session has no room for another. */
  subscribe(uri: string): Promise<boolean>;
  unsubscribe(uri: string): Promise<void>;
}
