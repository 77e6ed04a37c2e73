// Not from its index, which needs Node.
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import RateLimiterRes from 'rate-limiter-flexible/lib/RateLimiterRes.js';
import { OdinError, RpcError } from '../errors.ts';
import { MAX_DELAY_MS, wholeNumber } from '../option-rules.ts';
import type { Exchange } from '../protocol/exchange.ts';
import type { Middleware } from '../protocol/middleware.ts';
import { RPC } from '../protocol/vocabulary.ts';

/** The part of a limiter of rate-limiter-flexible that is used; its Redis limiters share counts between replicas. */
export interface Limiter {
  consume(key: string): Promise<unknown>;
}

export interface RateLimitOptions {
  /** Calls per caller and tool in one duration. */
  readonly points: number;
  /** After this many seconds the points are back. */
  readonly durationSeconds: number;
  /** Methods that it is for. @default 'tools/call' only */
  readonly methods?: readonly string[];
  /** What is counted together. @default the caller and the tool; all anonymous callers are one, and all names that no tool has */
  readonly keyOf?: (exchange: Exchange) => string;
  /** What counts. @default counts in the memory of this process, with `points` and `durationSeconds` */
  readonly limiter?: Limiter;
}

/** A counter is forgotten by a timer, and one that waits longer would fire at once. */
const MAX_SECONDS = Math.floor(MAX_DELAY_MS / 1_000);

/** Answers -32000 with `data.retryAfterMs` once a caller has used up its points. Fails closed when the limiter fails. @throws OdinError `bad_option` */
export function rateLimit(options: RateLimitOptions): Middleware {
  const { points, durationSeconds: duration, methods = ['tools/call'], keyOf = callerAndTool } = options;
  wholeNumber('rateLimit, option points', points);
  if (!(duration > 0 && duration <= MAX_SECONDS))
    throw new OdinError(
      'bad_option',
      `rateLimit, option durationSeconds: must be a number above 0 and at most ${MAX_SECONDS}, got ${duration}.`,
    );
  const limiter = options.limiter ?? new RateLimiterMemory({ points, duration });
  return async (exchange, next) => {
    if (methods.includes(exchange.method)) await consume(limiter, keyOf(exchange));
    return next();
  };
}

async function consume(limiter: Limiter, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const retryAfterMs = refused.msBeforeNext;
    throw new RpcError(RPC.refused, `Too many requests. Retry in ${Math.ceil(retryAfterMs / 1_000)} s.`, {
      retryAfterMs,
    });
  }
}

function callerAndTool({ principal, method, params, unknown }: Exchange): string {
  const { name } = params;
  // Made-up names must not fill the memory: they count together.
  const tool = typeof name === 'string' && !unknown ? name : null;
  return JSON.stringify([principal?.issuer, principal?.subject, method, tool]);
}
