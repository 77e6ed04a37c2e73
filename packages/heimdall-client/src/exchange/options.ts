import { type ClientAuthentication, normalizeClient } from '../client-options.ts';
import { type Sha256, systemSha256 } from '../hash.ts';
import { badOption, secureUrl, wholeNumber } from '../option-rules.ts';

/** Bounds of the cache of exchanged tokens. */
export interface ExchangeCacheOptions {
  /** Most tokens that are remembered; 0 switches the cache off. @default 1_000 */
  readonly maxEntries?: number;
  /** Longest time a token is used before another is asked for, milliseconds. @default 300_000 */
  readonly maxTtlMs?: number;
  /** How long a refusal stands without asking again, milliseconds. @default 5_000 */
  readonly refusedTtlMs?: number;
}

/** Options of `createTokenExchange`. */
export interface TokenExchangeOptions {
  /** The issuer's identifier: its metadata names the token endpoint, and it is the audience of assertions. */
  readonly issuer: string;
  /** Who this server is at the issuer. */
  readonly client: ClientAuthentication;
  /** Where tokens are exchanged. @default `token_endpoint` of the issuer's metadata */
  readonly tokenEndpoint?: string;
  /** How the issuer wants the target: as the name of a client, like Keycloak, or as the URL of a resource (RFC 8693 section 2.1). @default 'audience' */
  readonly targetParameter?: 'audience' | 'resource';
  /** A token is not used any more so many seconds before its end. @default 30 */
  readonly expirySkewSeconds?: number;
  /** Bounds of the cache. */
  readonly cache?: ExchangeCacheOptions;
  /** Most exchanges under way at once; more are answered with `unavailable`. @default 100 */
  readonly maxConcurrency?: number;
  /** Longest wait for an answer of the issuer, milliseconds. @default 5_000 */
  readonly requestTimeoutMs?: number;
  /** Asks the issuer. @default globalThis.fetch */
  readonly fetch?: typeof fetch;
  /** Wall clock, milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** Synchronous SHA-256, the key of the cache. @default the runtime's own, see `systemSha256` */
  readonly hash?: Sha256;
  /** Accept an `http:` issuer on another host than this one. Only for networks that nobody else can reach. @default false */
  readonly dangerouslyAllowHttp?: boolean;
}

/** Options after all checks. */
export interface ExchangePolicy
  extends Readonly<Required<Omit<TokenExchangeOptions, 'tokenEndpoint' | 'cache' | 'dangerouslyAllowHttp'>>> {
  readonly tokenEndpoint: string | undefined;
  readonly cache: Readonly<Required<ExchangeCacheOptions>>;
  readonly allowHttp: boolean;
}

/**
 * Checks the options once and fills in the defaults.
 *
 * @throws HeimdallError `bad_option`
 */
export function normalizeExchangeOptions(options: TokenExchangeOptions): ExchangePolicy {
  const { cache, tokenEndpoint, targetParameter = 'audience', dangerouslyAllowHttp: allowHttp = false } = options;
  if (targetParameter !== 'audience' && targetParameter !== 'resource') {
    throw badOption('targetParameter', "must be 'audience' or 'resource'");
  }
  return Object.freeze({
    issuer: secureUrl('issuer', options.issuer, allowHttp),
    client: normalizeClient('client', options.client),
    tokenEndpoint: tokenEndpoint === undefined ? undefined : secureUrl('tokenEndpoint', tokenEndpoint, allowHttp),
    targetParameter,
    expirySkewSeconds: wholeNumber('expirySkewSeconds', options.expirySkewSeconds, { fallback: 30, max: 3_600 }),
    cache: Object.freeze({
      maxEntries: wholeNumber('cache.maxEntries', cache?.maxEntries, { fallback: 1_000, max: 1_000_000 }),
      maxTtlMs: wholeNumber('cache.maxTtlMs', cache?.maxTtlMs, { fallback: 300_000, max: 86_400_000 }),
      refusedTtlMs: wholeNumber('cache.refusedTtlMs', cache?.refusedTtlMs, { fallback: 5_000, max: 60_000 }),
    }),
    maxConcurrency: wholeNumber('maxConcurrency', options.maxConcurrency, { fallback: 100, min: 1, max: 100_000 }),
    requestTimeoutMs: wholeNumber('requestTimeoutMs', options.requestTimeoutMs, {
      ...{ fallback: 5_000, min: 1, max: 120_000 },
    }),
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    now: options.now ?? Date.now,
    hash: options.hash ?? systemSha256(),
    allowHttp,
  });
}
