import { delayMs, wholeNumber } from '../option-rules.ts';

/** Sessions of clients that speak 2025-11-25 or older, over HTTP. */
export interface SessionOptions {
  /** How long a session may last; its client begins a new one afterwards. Milliseconds. @default 86400000 */
  readonly ttlMs?: number;
  /** How long a client should wait before it comes back for a stream that ended. Milliseconds. @default 1000 */
  readonly retryMs?: number;
  /** Events of one stream that a client can still come back for. @default 256 */
  readonly maxEvents?: number;
  /** Characters of those events together. @default 1048576 */
  readonly maxEventChars?: number;
  /** Streams opened by GET that this process serves at a time. @default 10000 */
  readonly maxStreams?: number;
}

/** @internal All of SessionOptions, read once and checked. */
export type ResolvedSessions = Required<SessionOptions>;

/** @throws OdinError `bad_option`, naming the option */
export function resolveSessions(options: SessionOptions = {}): ResolvedSessions {
  return {
    ttlMs: wholeNumber('sessions.ttlMs', options.ttlMs ?? 86_400_000),
    retryMs: delayMs('sessions.retryMs', options.retryMs ?? 1_000),
    maxEvents: wholeNumber('sessions.maxEvents', options.maxEvents ?? 256),
    maxEventChars: wholeNumber('sessions.maxEventChars', options.maxEventChars ?? 1_048_576),
    maxStreams: wholeNumber('sessions.maxStreams', options.maxStreams ?? 10_000),
  };
}
