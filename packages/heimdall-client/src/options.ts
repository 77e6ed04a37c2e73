import { canonicalAudience } from './audience.ts';
import { claimList } from './claim-names.ts';
import { type DpopOptions, type DpopPolicy, normalizeDpop } from './dpop/options.ts';
import { type Sha256, systemSha256 } from './hash.ts';
import { type IssuerOptions, type IssuerPolicy, normalizeIssuer } from './issuer-options.ts';
import { badOption, wholeNumber } from './option-rules.ts';
import type { RevocationBus } from './revocation/revocation.ts';

/** Bounds of the cache of verified tokens. */
export interface TokenCacheOptions {
  /** Most tokens that are remembered. @default 10_000 */
  readonly maxEntries?: number;
  /** Most memory that remembered users take together, an estimate in bytes. One that alone takes more is not remembered. @default 33_554_432 */
  readonly maxBytes?: number;
  /** Longest time a verified token is believed without verifying it again, milliseconds; 0 switches the cache off. @default 60_000 */
  readonly maxTtlMs?: number;
}

/** Bounds of the memory for revocations. */
export interface RevocationOptions {
  /** Most revocations remembered; more of them widen the oldest to all tokens of its issuer. @default 100_000 */
  readonly maxEntries?: number;
  /** How long one is remembered: at least as long as the issuer's access tokens live. Milliseconds. @default 86_400_000 */
  readonly retentionMs?: number;
  /** Carries revocations to and from other replicas. @default none */
  readonly bus?: RevocationBus;
}

/** Options of `createTokenVerifier`. */
export interface TokenVerifierOptions extends Omit<IssuerOptions, 'issuer'> {
  /**
   * The issuer's identifier, exactly as in its metadata and in `iss`; `jwksUri`, `algorithms`, `introspection`, `userinfo` and `claimNames` are then
   * those of this issuer.
   * Or several issuers, each with its own.
   */
  readonly issuer: string | readonly IssuerOptions[];
  /** The resource identifier(s) that a token must name in `aud`: for an MCP server its public URL. There is no "any". */
  readonly audience: string | readonly string[];
  /** Allowed difference between the issuer's clock and this one, seconds, at most 60. @default 5 */
  readonly clockToleranceSeconds?: number;
  /** Bounds of the cache of verified tokens. */
  readonly cache?: TokenCacheOptions;
  /** Bounds of the memory for revocations, and the bus to other replicas. */
  readonly revocations?: RevocationOptions;
  /**
   * Accept tokens that are bound to a key (RFC 9449), with a proof for each request: `verify(token, { proof, method, url })`.
   * @default they are refused
   */
  readonly dpop?: DpopOptions;
  /** Claims to keep in `principal.claims`, for example `['email']`. @default none */
  readonly keepClaims?: readonly string[];
  /** Most verifications under way at once; more are answered with `unavailable`. @default 1_000 */
  readonly maxConcurrency?: number;
  /** Longest wait for an answer of the issuer, milliseconds. @default 5_000 */
  readonly requestTimeoutMs?: number;
  /** Asks the issuer. @default globalThis.fetch */
  readonly fetch?: typeof fetch;
  /** Wall clock, milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** Synchronous SHA-256, the key of the cache. @default the runtime's own, see `systemSha256` */
  readonly hash?: Sha256;
  /** Accept an `http:` issuer or key set on another host than this one. Only for networks that nobody else can reach. @default false */
  readonly dangerouslyAllowHttp?: boolean;
}

/** Options after all checks, with every default filled in. */
export interface VerifierPolicy {
  /** Stands for every rule below that decides about a token, so that caches of different policies never mix. */
  readonly id: string;
  readonly issuers: readonly [IssuerPolicy, ...IssuerPolicy[]];
  /** Accepted audiences in canonical form. */
  readonly audience: ReadonlySet<string>;
  readonly clockToleranceSeconds: number;
  readonly cache: Readonly<Required<TokenCacheOptions>>;
  readonly revocations: Readonly<Required<Omit<RevocationOptions, 'bus'>>>;
  readonly revocationBus: RevocationBus | undefined;
  readonly dpop: DpopPolicy | undefined;
  readonly keepClaims: readonly string[];
  readonly maxConcurrency: number;
  readonly requestTimeoutMs: number;
  readonly fetch: typeof fetch;
  readonly now: () => number;
  readonly hash: Sha256;
  readonly allowHttp: boolean;
}

/**
 * Checks the options once and fills in the defaults. The caller's object is not changed and not kept.
 *
 * @throws HeimdallError `bad_option`
 */
export function normalizeOptions(options: TokenVerifierOptions): VerifierPolicy {
  const allowHttp = options.dangerouslyAllowHttp ?? false;
  const issuers = normalizeIssuers(options, allowHttp);
  const audience = audiences(options.audience);
  const { cache, revocations } = options;
  const hash = options.hash ?? systemSha256();
  const clockToleranceSeconds = wholeNumber('clockToleranceSeconds', options.clockToleranceSeconds, {
    ...{ fallback: 5, max: 60 },
  });
  const keepClaims = claimList('keepClaims', options.keepClaims ?? []);
  return Object.freeze({
    id: hash(
      JSON.stringify([
        issuers.map(decisive),
        [...audience].sort(),
        clockToleranceSeconds,
        options.dpop !== undefined,
        keepClaims,
      ]),
    ),
    issuers,
    audience,
    clockToleranceSeconds,
    cache: Object.freeze({
      maxEntries: wholeNumber('cache.maxEntries', cache?.maxEntries, { fallback: 10_000, min: 1, max: 10_000_000 }),
      maxBytes: wholeNumber('cache.maxBytes', cache?.maxBytes, { fallback: 33_554_432, min: 1, max: 2 ** 40 }),
      maxTtlMs: wholeNumber('cache.maxTtlMs', cache?.maxTtlMs, { fallback: 60_000, max: 3_600_000 }),
    }),
    revocations: Object.freeze({
      maxEntries: wholeNumber('revocations.maxEntries', revocations?.maxEntries, {
        ...{ fallback: 100_000, min: 1, max: 10_000_000 },
      }),
      retentionMs: wholeNumber('revocations.retentionMs', revocations?.retentionMs, {
        ...{ fallback: 86_400_000, min: 1, max: 31_622_400_000 },
      }),
    }),
    revocationBus: revocations?.bus,
    dpop: options.dpop && normalizeDpop(options.dpop),
    keepClaims,
    maxConcurrency: wholeNumber('maxConcurrency', options.maxConcurrency, { fallback: 1_000, min: 1, max: 1_000_000 }),
    requestTimeoutMs: wholeNumber('requestTimeoutMs', options.requestTimeoutMs, {
      fallback: 5_000,
      min: 1,
      max: 120_000,
    }),
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    now: options.now ?? Date.now,
    hash,
    allowHttp,
  });
}

function normalizeIssuers(
  options: TokenVerifierOptions,
  allowHttp: boolean,
): readonly [IssuerPolicy, ...IssuerPolicy[]] {
  const { issuer, jwksUri, algorithms, introspection, userinfo, claimNames } = options;
  if (!Array.isArray(issuer))
    return Object.freeze([normalizeIssuer({ ...options, issuer: issuer as string }, allowHttp)]);
  if ([jwksUri, algorithms, introspection, userinfo, claimNames].some((option) => option !== undefined)) {
    const message = 'is a list: give jwksUri, algorithms, introspection, userinfo and claimNames to each issuer in it';
    throw badOption('issuer', message);
  }
  const [first, ...others] = issuer.map((entry: IssuerOptions) => normalizeIssuer(entry, allowHttp));
  if (first === undefined) throw badOption('issuer', 'must name at least one issuer');
  const all = [first, ...others];
  if (new Set(all.map((entry) => entry.issuer)).size < all.length) throw badOption('issuer', 'names an issuer twice');
  if (all.filter((entry) => entry.introspection?.tokens === 'opaque').length > 1) {
    throw badOption(
      'introspection.tokens',
      "may be 'opaque' for one issuer only: nothing tells whose an opaque token is",
    );
  }
  return Object.freeze([first, ...others]);
}

/** What of an issuer's options decides about a token. */
function decisive({ issuer, jwksUri, algorithms, introspection, userinfo, claimNames }: IssuerPolicy): unknown[] {
  const asked = introspection && [introspection.tokens, introspection.endpoint, introspection.client.clientId];
  return [issuer, jwksUri, [...algorithms].sort(), asked, userinfo, claimNames];
}

function audiences(value: string | readonly string[]): ReadonlySet<string> {
  const list = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list) || list.length === 0 || list.some((entry) => typeof entry !== 'string' || entry === '')) {
    throw badOption('audience', 'must name at least one resource identifier, for an MCP server its public URL');
  }
  return new Set(list.map(canonicalAudience));
}
