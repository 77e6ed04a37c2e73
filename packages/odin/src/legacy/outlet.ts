import type { Principal } from '@asgard/heimdall-client';
import { startDeadline } from '../http/deadline.ts';
import { endingOf, type HeldAnswer, headersOf } from '../http/holder.ts';
import { startKeepAlive } from '../http/keep-alive.ts';
import type { HttpResponder } from '../http/message.ts';
import type { SessionArrival } from '../http/session-lane.ts';
import { SSE_HEADERS } from '../http/sse.ts';
import type { Ending } from '../protocol/cancellation.ts';
import type { Presence } from './presence.ts';

/** One connection that events are written to, whoever holds it. */
export interface Outlet {
  readonly kind: 'sse' | 'held';
  /** Resolves when the reader can take more. */
  write(block: string): void | Promise<void>;
  end(block: string): void | Promise<void>;
  /** Called once, when nobody can be reached here any more, or with the reason when the time is up: then `end` still reaches the client. */
  onGone(listener: (ending?: Ending) => void): void;
}

export interface OutletOptions {
  readonly responder: HttpResponder;
  readonly presence: Presence;
  readonly principal: Principal | undefined;
  readonly onRevoked: SessionArrival['onRevoked'];
  readonly keepAliveMs: number;
  /** Present when the proxy may hold the connection. */
  readonly hold: (() => Promise<HeldAnswer | undefined>) | undefined;
  /** First blocks of the stream. */
  readonly first: string;
}

/** Begins the stream: in the proxy when it can, in this process otherwise. */
export async function openOutlet(options: OutletOptions): Promise<Outlet> {
  const held = await options.hold?.();
  return held ? openHeld(held, options) : openPlain(options);
}

async function openHeld(held: HeldAnswer, { responder, first, onRevoked }: OutletOptions): Promise<Outlet> {
  let forget: (() => void) | undefined;
  responder.send(200, { ...SSE_HEADERS, ...headersOf(held) }, first);
  await responder.sent();
  held.answered();
  return {
    kind: 'held',
    write: (block) => held.write(block),
    // Who already left does not hear the end.
    end: (block) => {
      forget?.();
      return held.end(block).catch(() => {});
    },
    onGone: (listener) => {
      held.onAbort((reason) => listener(endingOf(reason)));
      forget = onRevoked(listener);
    },
  };
}

function openPlain({ responder, presence, principal, onRevoked, keepAliveMs, first }: OutletOptions): Outlet {
  const stream = responder.stream(200, SSE_HEADERS);
  const stopKeepAlive = startKeepAlive(stream, keepAliveMs);
  let cancelExpiry: (() => void) | undefined;
  let ended = false;
  let forget: (() => void) | undefined;
  const stop = (): void => {
    ended = true;
    forget?.();
    stopKeepAlive();
    cancelExpiry?.();
  };
  presence.onGone(stop);
  void stream.write(first);
  return {
    kind: 'sse',
    write: (block) => (ended ? undefined : stream.write(block)),
    end: async (block) => {
      if (ended) return;
      stop();
      if (block !== '') await stream.write(block);
      stream.end();
    },
    onGone: (listener) => {
      presence.onGone(() => listener());
      if (ended) return;
      forget = onRevoked(listener);
      // A stream does not outlive the token it was opened with.
      if (principal && !ended)
        cancelExpiry = startDeadline(principal.expiresAt * 1_000 - Date.now(), () => listener('expired'));
    },
  };
}
