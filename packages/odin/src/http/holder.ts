import type { Principal } from '@asgard/heimdall-client';
import type { RequestId } from '../protocol/answer.ts';
import type { Ending } from '../protocol/cancellation.ts';
import type { Subscription } from '../protocol/exchange.ts';
import type { HttpHeaders, HttpRequest } from './message.ts';

/** A proxy that can hold answers, as the reply sees it. Without one every stream is served by this process. */
export interface Holder {
  /** undefined: this request did not come through the proxy, or the proxy cannot be published to. */
  open(request: HttpRequest, caller: HeldFor): Promise<HeldAnswer | undefined>;
  /** undefined as above. A subscription that is held costs this process nothing. */
  subscribe(request: HttpRequest, subscription: Subscription, caller: HeldFor): Promise<HeldSubscription | undefined>;
}

export interface HeldFor {
  /** undefined when the stream answers no request. */
  readonly id: RequestId | undefined;
  readonly principal: Principal | undefined;
}

/** One answer that the proxy holds and this process publishes to. */
export interface HeldAnswer {
  /** What makes the HTTP answer a hold. */
  readonly headers: HttpHeaders;
  /**
   * Calls back once when the client left, the hold never came alive, or may not last any longer; at once if that is so. With the codes
   * `expired` and `drained` the client is still there, and `end` reaches it for a second.
   */
  onAbort(listener: (reason: { readonly code: string }) => void): void;
  /** The HTTP answer is out; the proxy should subscribe now. */
  answered(): void;
  /** Resolves when the block is published. Rejects when the client is gone, or does not take what it was sent. */
  write(block: string): Promise<void>;
  /** Publishes what is left, then ends the client's stream. Rejects as `write`. */
  end(block: string): Promise<void>;
  /** The answer will not be sent after all. */
  abort(): void;
}

/** @throws what the holder throws for headers that cannot be made; such a hold will not be sent */
export function headersOf(held: HeldAnswer): HttpHeaders {
  try {
    return held.headers;
  } catch (error) {
    held.abort();
    throw error;
  }
}

/** Why a hold ends whose client is still there; undefined when it is not. */
export function endingOf({ code }: { readonly code: string }): Ending | undefined {
  return code === 'expired' || code === 'drained' ? code : undefined;
}

export interface HeldSubscription {
  readonly headers: HttpHeaders;
  /** Replaces the plain body when the hold must be told in the body (application/grip-instruct). */
  readonly body?: string;
}
