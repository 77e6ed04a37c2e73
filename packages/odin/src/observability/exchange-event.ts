import type { Era } from '../protocol/exchange.ts';

/** How the client got its answer: one JSON body, a stream from this process, or a stream held by the proxy. */
export type ReplyKind = 'json' | 'sse' | 'held' | 'stdio';

/** One finished exchange, for logs, metrics and the development console. Holds no arguments and no results. */
export interface ExchangeEvent {
  readonly method: string;
  /** The tool, prompt or resource the request named. */
  readonly target?: string;
  /** HTTP status, 200 for stdio; 499 when the client left before the answer. */
  readonly status: number;
  readonly durationMs: number;
  readonly era?: Era;
  readonly reply: ReplyKind;
  readonly subject?: string;
  readonly username?: string;
  /** The JSON-RPC error code, when the answer is an error. */
  readonly errorCode?: number;
  /** True when the tool answered with `isError`. */
  readonly toolError?: boolean;
}
