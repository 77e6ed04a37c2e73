import { createHash, timingSafeEqual } from 'node:crypto';

/** The header by which the page proves that it was loaded from this console. No page elsewhere can send it. */
export const TOKEN_HEADER = 'x-asgard-console';

export interface Gate {
  readonly port: number;
  /** Of this start; only the page knows it. */
  readonly token: string;
}

export interface Visitor {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which browsers set and pages cannot. */
  readonly site: string | undefined;
  readonly token: string | undefined;
}

/** `stale`: the page of an earlier start, which has to load itself again. */
export type Denial = 'host' | 'origin' | 'stale';

/** A page may be opened from anywhere, under the console's own name only: a foreign name is DNS rebinding. */
export function judgePage({ port }: Gate, { host }: Pick<Visitor, 'host'>): Denial | undefined {
  return isOwnHost(host, port) ? undefined : 'host';
}

/** Everything behind the page is for the page alone. */
export function judgeCall(gate: Gate, { host, origin, site, token }: Visitor): Denial | undefined {
  if (!isOwnHost(host, gate.port)) return 'host';
  if (origin !== undefined && origin !== `http://${host}`) return 'origin';
  if (site !== undefined && site !== 'same-origin') return 'origin';
  return token !== undefined && isEqual(token, gate.token) ? undefined : 'stale';
}

function isOwnHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

function isEqual(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
