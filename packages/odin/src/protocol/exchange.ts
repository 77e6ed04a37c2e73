import type { ExchangedToken, Principal } from '@asgard/heimdall-client';
import type { RequestId } from './answer.ts';
import type { Cancellation } from './cancellation.ts';
import type { JsonObject } from './json.ts';
import type { ExchangeSession } from './session.ts';

/** `modern`: 2026-07-28, every request carries its own envelope. `legacy`: 2025-11-25 and older, after `initialize`. */
export type Era = 'modern' | 'legacy';

/**
 * Whether a call that outlives the patience may be held by the proxy.
 * `auto`: when the request came through it; `always`: hold at once, without waiting for a quick answer;
 * `never`: a plain SSE stream from this process.
 */
export type HoldPolicy = 'auto' | 'always' | 'never';

/** Under which of a server's hosts, and so for whom, a request came. */
export interface TenantIdentity {
  readonly host: string;
  /** Alias of the organization that every caller of this host belongs to. */
  readonly organization?: string;
  readonly branding?: Readonly<Record<string, string>>;
}

/** What changed, as a subscriber of `subscriptions/listen` can ask for it. Tenants do not hear of each other. */
export type Topic = TopicSubject & { readonly tenant?: string };

type TopicSubject =
  | { readonly kind: 'tools' }
  | { readonly kind: 'prompts' }
  | { readonly kind: 'resources' }
  | { readonly kind: 'resource'; readonly uri: string };

/** A subscription as a transport needs it to serve the rest of the exchange without this process. */
export interface Subscription {
  readonly topics: readonly Topic[];
  /** The JSON text of the acknowledgement, the first message of the stream. */
  readonly acknowledgement: string;
}

/**
 * Where an exchange writes the messages that come before its response. A transport is a sink;
 * it knows no method, and no method knows a transport.
 */
export interface Sink {
  /** One notification as JSON text. Resolves when the transport can take the next one. */
  send(json: string): void | Promise<void>;
  /**
   * Offers the rest of the exchange to the transport. True: the transport has sent the acknowledgement
   * and will deliver the topics by itself; the method must not write any more.
   */
  delegate?(subscription: Subscription): Promise<boolean>;
  /**
   * Sends a request to the client in mid-call and gives its result: eras before 2026-07-28, on transports where the
   * client can be reached. Rejects when the client answers with an error or the call ends first.
   */
  ask?(method: string, params: JsonObject): Promise<JsonObject>;
  /** How this exchange wants to be streamed if it lasts. Said before anything is sent. @default 'auto' */
  prefer?(policy: HoldPolicy): void;
  /** Ends the connection of a stream that the client can come back for. The exchange goes on. */
  closeStream?(): void;
}

/** Gets tokens for other services in the caller's name. The caller's own token is not to be had. */
export interface UpstreamTokens {
  exchange(request: { readonly audience: string; readonly scope?: string }): Promise<ExchangedToken>;
}

export interface ClientIdentity {
  readonly info?: JsonObject;
  readonly capabilities: JsonObject;
}

/** One request and everything that is known of its sender. The last message that answers it is the response. */
export interface Exchange {
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject;
  /** `params._meta`, empty when there is none. */
  readonly meta: JsonObject;
  readonly era: Era;
  readonly protocolVersion: string;
  readonly client: ClientIdentity;
  /** Absent when the transport needs no token: stdio, or a server without `auth`. */
  readonly principal: Principal | undefined;
  /** Absent on the server's own host, and where there are no tenants. */
  readonly tenant?: TenantIdentity | undefined;
  /** Absent without a token, and where no exchange is configured. */
  readonly upstream?: UpstreamTokens | undefined;
  readonly cancellation: Cancellation;
  readonly sink: Sink;
  /** True when the request names a tool or prompt that this server does not have, as middleware sees it. */
  readonly unknown?: boolean;
  /** Present when the client has a session (eras before 2026-07-28). */
  readonly session?: ExchangeSession;
}
