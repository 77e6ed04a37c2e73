/** How a publish reached the proxy. */
export type PublishPath = 'process' | 'http' | 'zeromq';

/** Why a hold ended while the client was still there. */
export type ReleaseCause =
  /** An item with the action `close`. */
  | 'close'
  /** A next link answered with neither hold nor link. */
  | 'link'
  /** An `http-response` item answered a held response. */
  | 'response'
  /** A held response ran out of time and got its stored answer. */
  | 'timeout'
  /** The stream could not go on; `detail` says why. */
  | 'error';

/** What the proxy tells about its work. `id` is the number of the client's request. */
export type HermodEvent =
  | {
      readonly type: 'request';
      readonly id: string;
      readonly method: string;
      readonly path: string;
      /** As the client sent them, its token too: to be looked at on this machine, never to be kept. */
      readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
    }
  /** The head of an answer that is passed on as it comes. */
  | { readonly type: 'response'; readonly id: string; readonly status: number; readonly durationMs: number }
  | {
      readonly type: 'held';
      readonly id: string;
      readonly mode: 'stream' | 'response';
      readonly status: number;
      readonly channels: readonly string[];
      /** What the client got at once, cut after 16 Ki characters. */
      readonly body: string;
      readonly durationMs: number;
    }
  /** A next or gone link was asked. `status` is absent when nobody answered. */
  | { readonly type: 'linked'; readonly id: string; readonly url: string; readonly status?: number }
  | {
      readonly type: 'published';
      readonly channel: string;
      readonly itemId: string | undefined;
      readonly via: PublishPath;
      /** `close`, `hint`, or what the item carries. */
      readonly kind: 'http-stream' | 'http-response' | 'close' | 'hint';
      /** Connections it was handed to. */
      readonly receivers: number;
      /** What it carries, before any filter and cut after 16 Ki characters; empty for `close` and `hint`. */
      readonly content: string;
    }
  /** Something a real proxy does in silence: an item, a channel or a message was thrown away. */
  | { readonly type: 'dropped'; readonly id?: string; readonly channel?: string; readonly reason: string }
  | { readonly type: 'released'; readonly id: string; readonly cause: ReleaseCause; readonly detail?: string }
  /** The client's connection to this request is over. */
  | { readonly type: 'closed'; readonly id: string; readonly aborted: boolean; readonly durationMs: number }
  /** A part of the proxy does not run, and why. */
  | { readonly type: 'disabled'; readonly part: 'zeromq'; readonly reason: string };

const MAX_TEXT_LENGTH = 16 * 1024;

/** Content as an event shows it. */
export function textOfContent(content: string | Uint8Array): string {
  if (typeof content === 'string') return content.slice(0, MAX_TEXT_LENGTH);
  return Buffer.from(content.subarray(0, MAX_TEXT_LENGTH)).toString('utf8');
}

export type EmitHermodEvent = (event: HermodEvent) => void;
