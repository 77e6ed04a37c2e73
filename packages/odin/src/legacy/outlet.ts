import type { Principal } from '@asgard/heimdall-client';
import type { HeldAnswer } from '../http/holder.ts';
import type { HttpResponder, HttpStream } from '../http/message.ts';
import type { SessionArrival } from '../http/session-lane.ts';
import { KEEP_ALIVE, SSE_HEADERS } from '../http/sse.ts';
import type { Presence } from './presence.ts';

/** One connection that events are written to, whoever holds it. */
export interface Outlet {
  readonly kind: 'sse' | 'held';
  /** Resolves when the reader can take more. */
  write(block: string): void | Promise<void>;
  end(block: string): void | Promise<void>;
  /** Called once, when nobody can be reached here any more or the time is up. */
  onGone(listener: () => void): void;
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

/** Longest time that a timer can wait. */
const MAX_DELAY_MS = 2_147_483_647;

/** Begins the stream: in the proxy when it can, in this process otherwise. */
export async function openOutlet(options: OutletOptions): Promise<Outlet> {
  const held = await options.hold?.();
  return held ? openHeld(held, options) : openPlain(options);
}

async function openHeld(held: HeldAnswer, { responder, first, onRevoked }: OutletOptions): Promise<Outlet> {
  let forget: (() => void) | undefined;
  responder.send(200, { ...SSE_HEADERS, ...held.headers }, first);
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
      held.onAbort(listener);
      forget = onRevoked(listener);
    },
  };
}

function openPlain({ responder, presence, principal, onRevoked, keepAliveMs, first }: OutletOptions): Outlet {
  const stream = responder.stream(200, SSE_HEADERS);
  const keepAlive = setInterval(createBeat(stream), keepAliveMs);
  let expiry: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  let forget: (() => void) | undefined;
  const stop = (): void => {
    ended = true;
    forget?.();
    clearInterval(keepAlive);
    clearTimeout(expiry);
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
      presence.onGone(listener);
      if (ended) return;
      forget = onRevoked(listener);
      // A stream does not outlive the token it was opened with.
      if (principal && !ended)
        expiry = setTimeout(listener, Math.min(Math.max(principal.expiresAt * 1_000 - Date.now(), 0), MAX_DELAY_MS));
    },
  };
}

/** A reader that has not taken the last sign of life gets no other: they would pile up for it. */
function createBeat(stream: HttpStream): () => Promise<void> {
  let beating = false;
  return async () => {
    if (beating) return;
    beating = true;
    await stream.write(KEEP_ALIVE);
    beating = false;
  };
}
