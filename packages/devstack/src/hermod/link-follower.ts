import type { LastId } from '@asgard/grip';
import type { UpstreamExchange, UpstreamHead } from '../http/upstream.ts';
import type { Cancel, Clock } from './clock.ts';
import type { EmitHermodEvent } from './event.ts';
import type { Links } from './link.ts';

/** Pushpin's RETRY_MAX: with the waits 1, 2, 4, 8, 16 s and up to 1 s more each. */
const MAX_RETRIES = 5;
const FIRST_RETRY_MS = 1000;
const RETRY_SPREAD_MS = 1000;

export interface FollowHandler {
  /** A 2xx answer begins. A thrown error ends the following with `failed`. */
  head(head: UpstreamHead): void;
  data(chunk: Buffer): void;
  end(): void;
  /** Given up: after the last retry, or when the answer broke off after it had begun. */
  failed(reason: string): void;
}

export interface Follow {
  readonly url: URL;
  readonly base: URL;
  readonly last: readonly LastId[];
}

/** Fetches a stream's next links, one at a time, with retries. */
export interface LinkFollower {
  follow(request: Follow, handler: FollowHandler): void;
  pause(): void;
  resume(): void;
  cancel(): void;
}

export interface LinkFollowerOptions {
  readonly id: string;
  readonly links: Links;
  readonly clock: Clock;
  readonly emit: EmitHermodEvent;
}

export function createLinkFollower({ id, links, clock, emit }: LinkFollowerOptions): LinkFollower {
  let exchange: Pick<UpstreamExchange, 'pause' | 'resume' | 'abort'> | undefined;
  let cancelRetry: Cancel | undefined;
  /** Answers of an exchange that was given up are not listened to. */
  let generation = 0;

  function attempt(request: Follow, handler: FollowHandler, retries: number): void {
    const mine = ++generation;
    const current = (): boolean => mine === generation;
    const url = request.url.href;
    let begun = false;
    let sent = false;

    const retry = (): void => {
      const wait = FIRST_RETRY_MS * 2 ** retries + Math.floor(clock.random() * RETRY_SPREAD_MS);
      cancelRetry = clock.after(wait, () => attempt(request, handler, retries + 1));
    };
    const fail = (reason: string): void => {
      generation += 1;
      if (sent || retries >= MAX_RETRIES) handler.failed(reason);
      else retry();
    };

    exchange = links.ask(
      { method: 'GET', ...request },
      {
        head(head) {
          if (!current()) return;
          emit({ type: 'linked', id, url, status: head.status });
          if (head.status < 200 || head.status > 299) {
            fail(`the next link answered ${head.status}`);
            exchange?.abort(new Error('The answer of the link is not needed.'));
            return;
          }
          begun = true;
          try {
            handler.head(head);
          } catch (error) {
            generation += 1;
            handler.failed(error instanceof Error ? error.message : String(error));
            exchange?.abort(new Error('The answer of the link cannot be used.'));
          }
        },
        data(chunk) {
          if (!current()) return;
          sent = true;
          handler.data(chunk);
        },
        end() {
          if (current()) handler.end();
        },
        error(error) {
          if (!current()) return;
          if (!begun) emit({ type: 'linked', id, url });
          fail(`the next link failed: ${error.message}`);
        },
      },
    );
  }

  return {
    follow: (request, handler) => attempt(request, handler, 0),
    pause: () => exchange?.pause(),
    resume: () => exchange?.resume(),
    cancel() {
      generation += 1;
      cancelRetry?.();
      exchange?.abort(new Error('The held connection is over.'));
    },
  };
}
