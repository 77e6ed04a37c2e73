import type { Principal } from '@asgard/heimdall-client';
import type { Answer } from '../protocol/answer.ts';
import type { Exchange, TenantIdentity, UpstreamTokens } from '../protocol/exchange.ts';
import type { Decoded } from './decode.ts';
import type { HeldAnswer } from './holder.ts';
import type { HttpHeaders, HttpRequest, HttpResponder } from './message.ts';

/** A request that was let in, and what the transport can do for its answer. */
export interface SessionArrival {
  readonly request: HttpRequest;
  readonly responder: HttpResponder;
  readonly principal: Principal | undefined;
  readonly tenant: TenantIdentity | undefined;
  readonly upstream: UpstreamTokens | undefined;
  /** Calls back once when the caller's token is revoked, soon if it was since the request came. Returns what ends that. */
  readonly onRevoked: (listener: () => void) => () => void;
  /** Present when the proxy may hold the answer. */
  readonly hold: (() => Promise<HeldAnswer | undefined>) | undefined;
  /** Extra headers of an answer that is not a success, for example its challenge. */
  readonly headersOf: (answer: Answer) => HttpHeaders;
  readonly finished: (
    exchange: Exchange,
    answer: Answer,
    reply: { readonly kind: 'json' | 'sse' | 'held'; readonly status: number },
  ) => void;
}

/** Serves the clients that have a session: everything they send but the handshake of clients that want none. */
export interface SessionLane {
  /** A message of an older era: with a session, or `initialize`, which begins one. */
  post(decoded: Exclude<Decoded, { kind: 'refused' }>, arrival: SessionArrival): Promise<void>;
  /** The session's own stream, or one to come back for. */
  get(arrival: SessionArrival): Promise<void>;
  /** The end of the session. */
  delete(arrival: SessionArrival): Promise<void>;
}

export const SESSION_HEADER = 'mcp-session-id';
