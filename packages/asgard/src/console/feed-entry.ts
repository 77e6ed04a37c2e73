/** One line of the live feed. Everything in it comes from outside: a page shows it as text and nothing else. */
export type FeedEntry = { readonly seq: number; readonly at: number } & FeedEvent;

export type FeedEvent =
  | RequestEvent
  /** The proxy took a stream over. */
  | { readonly type: 'opened'; readonly stream: OpenStream; readonly message: string }
  | {
      readonly type: 'closed';
      readonly streamId: string;
      readonly title: string;
      readonly durationMs: number;
      /** The client went before the end. */
      readonly aborted: boolean;
    }
  | PublishedEvent
  | { readonly type: 'problem'; readonly title: string; readonly detail: string }
  | { readonly type: 'server'; readonly status: ServerStatus; readonly durationMs: number }
  | { readonly type: 'output'; readonly stream: 'stdout' | 'stderr'; readonly text: string };

export type FeedEntryType = FeedEvent['type'];

export type ServerStatus = 'starting' | 'running' | 'reloaded' | 'stopped';

/** A request and how it ended. */
export interface RequestEvent {
  readonly type: 'request';
  readonly method: string;
  readonly target?: string;
  readonly status: number;
  readonly durationMs: number;
  readonly who?: string;
  readonly reply?: 'json' | 'sse' | 'held';
  readonly era?: string;
  readonly subject?: string;
  /** Why it is not a plain success, in words. */
  readonly remark?: string;
}

export interface PublishedEvent {
  readonly type: 'published';
  readonly channel: string;
  readonly kind: string;
  readonly via: string;
  /** What it says, in one line. */
  readonly title: string;
  /** Bytes of UTF-8, as far as the proxy shows it. */
  readonly size: number;
  readonly receivers: number;
  readonly message: string;
}

/** A stream that the proxy holds now. */
export interface OpenStream {
  readonly id: string;
  readonly kind: 'call' | 'subscription' | 'session';
  /** The MCP method where the client names it, else the HTTP method and path. */
  readonly method: string;
  readonly target?: string;
  readonly who?: string;
  readonly client?: string;
  readonly since: number;
  readonly channels: readonly string[];
  /** What a subscription is told of: URIs and lists. */
  readonly topics: readonly string[];
  /** Items that came for it. */
  readonly messages: number;
}
