// Not from its index, which needs Node.
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import RateLimiterRes from 'rate-limiter-flexible/lib/RateLimiterRes.js';
import { OdinError, RpcError } from '../errors.ts';
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
  /** What is counted together. @default the caller and the tool; all anonymous callers are one */
  readonly keyOf?: (exchange: Exchange) => string;
  /** What counts. @default counts in the memory of this process, with `points` and `durationSeconds` */
  readonly limiter?: Limiter;
}

/** Answers -32000 with `data.retryAfterMs` once a caller has used up its points. Fails closed when the limiter fails. @throws OdinError `bad_option` */
export function rateLimit(options: RateLimitOptions): Middleware {
  const { points, durationSeconds: duration, methods = ['tools/call'], keyOf = callerAndTool } = options;
  for (const [name, value] of Object.entries({ points, durationSeconds: duration })) {
    if (!(value > 0 && Number.isFinite(value)))
      throw new OdinError('bad_option', `rateLimit, option ${name}: must be a number above 0, not ${value}.`);
  }
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

/** Of a tool. Characters. */
const MAX_NAME = 128;

function callerAndTool({ principal, method, params }: Exchange): string {
  const { name } = params;
  // What is longer is the name of no tool, and must not fill the memory.
  const tool = typeof name === 'string' && name.length <= MAX_NAME ? name : null;
  return JSON.stringify([principal?.issuer, principal?.subject, method, tool]);
}
