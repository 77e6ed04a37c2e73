import type { IncomingMessage } from 'node:http';
import type { HeaderList } from '../http/header-list.ts';

const WINDOW_MS = 60_000;
/** Callers that are told apart in one window; those who come after share one count. */
const MAX_CALLERS = 10_000;

/** Where a caller stands in the running minute. */
export interface Quota {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds. */
  readonly resetAfter: number;
  readonly isExceeded: boolean;
}

/**
 * Counts requests by route and caller in windows of a minute, as Kong's rate-limiting does with the policy `local`.
 *
 * @param now epoch milliseconds: windows begin at the full minute
 */
export function createRateLimit(now: () => number): (route: string, perMinute: number, caller: string) => Quota {
  let window = 0;
  let counts = new Map<string, number>();
  return (route, perMinute, caller) => {
    const at = now();
    if (Math.floor(at / WINDOW_MS) !== window) {
      window = Math.floor(at / WINDOW_MS);
      counts = new Map();
    }
    const own = `${route}\0${caller}`;
    const key = counts.has(own) || counts.size < MAX_CALLERS ? own : `${route}\0`;
    const used = (counts.get(key) ?? 0) + 1;
    counts.set(key, used);
    return {
      limit: perMinute,
      remaining: Math.max(0, perMinute - used),
      resetAfter: Math.ceil(((window + 1) * WINDOW_MS - at) / 1000),
      isExceeded: used > perMinute,
    };
  };
}

/** What Kong says of the limit, on every answer of such a route. */
export function quotaHeaders({ limit, remaining, resetAfter, isExceeded }: Quota): HeaderList {
  return [
    ['ratelimit-limit', String(limit)],
    ['ratelimit-remaining', String(remaining)],
    ['ratelimit-reset', String(resetAfter)],
    ...(isExceeded ? ([['retry-after', String(resetAfter)]] as const) : []),
  ];
}

/**
 * Whose request it is: what the token says of its user, unchecked, because nothing but the count depends on it. Without a token it is
 * the address.
 */
export function callerOf({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string {
  const [, payload] = /^Bearer [^.]+\.([^.]+)\./i.exec(headers.authorization ?? '') ?? [];
  try {
    const { preferred_username: name, sub } = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as Claims;
    if (typeof name === 'string') return name;
    if (typeof sub === 'string') return sub;
  } catch {
    // No token that can be read: the address is what is left.
  }
  return socket.remoteAddress ?? '';
}

interface Claims {
  readonly preferred_username?: unknown;
  readonly sub?: unknown;
}
