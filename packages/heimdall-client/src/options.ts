import { canonicalAudience } from './audience.ts';
import type { ClaimRules } from './claims.ts';
import { HeimdallError } from './errors.ts';
import { type Sha256, systemSha256 } from './hash.ts';

/** Signature algorithms a verifier may accept. All asymmetric: with a shared secret every reader could also write. */
export type SignatureAlgorithm =
  | `${'RS' | 'PS'}${'256' | '384' | '512'}`
  | `ES${'256' | '384' | '512'}`
  | 'EdDSA'
  | 'Ed25519';

const signatureAlgorithm = /^(?:[RPE]S(?:256|384|512)|EdDSA|Ed25519)$/;

const defaultAlgorithms: readonly SignatureAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** Bounds of the cache of verified tokens. */
export interface TokenCacheOptions {
  /** Most tokens that are remembered. @default 10_000 */
  maxEntries?: number;
  /** Most characters of all remembered tokens together, an estimate of the memory used. @default 33_554_432 */
  maxBytes?: number;
  /** Longest time a verified token is believed without verifying it again, milliseconds; 0 switches the cache off. @default 60_000 */
  maxTtlMs?: number;
}

/** Options of `createTokenVerifier`. */
export interface TokenVerifierOptions {
  /** The issuer's identifier, exactly as in its metadata and in `iss`. */
  issuer: string;
  /** The resource identifier(s) that a token must name in `aud`: for an MCP server its public URL. There is no "any". */
  audience: string | readonly string[];
  /** Where the issuer's keys are. @default found through the issuer's metadata */
  jwksUri?: string;
  /** Accepted signature algorithms. @default ['RS256', 'PS256', 'ES256', 'EdDSA'] */
  algorithms?: readonly SignatureAlgorithm[];
  /** Allowed difference between the issuer's clock and this one, seconds, at most 60. @default 5 */
  clockToleranceSeconds?: number;
  /** Bounds of the cache of verified tokens. */
  cache?: TokenCacheOptions;
  /** Most verifications under way at once; more are answered with `unavailable`. @default 1_000 */
  maxConcurrency?: number;
  /** Longest wait for a document of the issuer, milliseconds. @default 5_000 */
  requestTimeoutMs?: number;
  /** Fetches the issuer's documents. @default globalThis.fetch */
  fetch?: typeof fetch;
  /** Wall clock, milliseconds since the epoch. @default Date.now */
  now?: () => number;
  /** Synchronous SHA-256, the key of the cache. @default the runtime's own, see `systemSha256` */
  hash?: Sha256;
  /** Accept an `http:` issuer or key set on another host than this one. Only for networks that nobody else can reach. @default false */
  dangerouslyAllowHttp?: boolean;
}

/** Options after all checks, with every default filled in. */
export interface VerifierPolicy {
  /** Stands for every rule below that decides about a token, so that caches of different policies never mix. */
  readonly id: string;
  readonly rules: ClaimRules;
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly jwksUri: string | undefined;
  readonly cache: Readonly<Required<TokenCacheOptions>>;
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
  const issuer = secureUrl('issuer', options.issuer, allowHttp);
  const audience = audiences(options.audience);
  const algorithms = checkAlgorithms(options.algorithms ?? defaultAlgorithms);
  const clockToleranceSeconds = bounded('clockToleranceSeconds', options.clockToleranceSeconds ?? 5, 60);
  const hash = options.hash ?? systemSha256();
  const jwksUri = options.jwksUri === undefined ? undefined : secureUrl('jwksUri', options.jwksUri, allowHttp);
  const decisive = [issuer, [...audience].sort(), [...algorithms].sort(), clockToleranceSeconds, jwksUri ?? null];
  return Object.freeze({
    id: hash(JSON.stringify(decisive)),
    rules: Object.freeze({ issuer, audience, clockToleranceSeconds }),
    algorithms,
    jwksUri,
    cache: Object.freeze({
      maxEntries: bounded('cache.maxEntries', options.cache?.maxEntries ?? 10_000, 10_000_000, 1),
      maxBytes: bounded('cache.maxBytes', options.cache?.maxBytes ?? 33_554_432, Number.MAX_SAFE_INTEGER, 1),
      maxTtlMs: bounded('cache.maxTtlMs', options.cache?.maxTtlMs ?? 60_000, 3_600_000),
    }),
    maxConcurrency: bounded('maxConcurrency', options.maxConcurrency ?? 1_000, 1_000_000, 1),
    requestTimeoutMs: bounded('requestTimeoutMs', options.requestTimeoutMs ?? 5_000, 120_000, 1),
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    now: options.now ?? Date.now,
    hash,
    allowHttp,
  });
}

/**
 * Checks that a URL of the issuer is https, or http to this very machine.
 *
 * @throws HeimdallError `bad_option`
 */
export function secureUrl(name: string, value: string, allowHttp: boolean): string {
  if (typeof value !== 'string' || !URL.canParse(value)) throw bad(name, 'must be an absolute URL');
  const { protocol, hostname, username, password, hash } = new URL(value);
  if (username !== '' || password !== '' || hash !== '')
    throw bad(name, 'must have neither user, password nor fragment');
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && (isLoopback || allowHttp))) return value;
  throw bad(name, 'must be https (plain http only on loopback, or with "dangerouslyAllowHttp" in a closed network)');
}

function audiences(value: string | readonly string[]): ReadonlySet<string> {
  const list = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list) || list.length === 0 || list.some((entry) => typeof entry !== 'string' || entry === '')) {
    throw bad('audience', 'must name at least one resource identifier, for an MCP server its public URL');
  }
  return new Set(list.map(canonicalAudience));
}

function checkAlgorithms(value: readonly SignatureAlgorithm[]): readonly SignatureAlgorithm[] {
  if (!Array.isArray(value) || value.length === 0) throw bad('algorithms', 'must name at least one algorithm');
  if (!value.every((entry) => signatureAlgorithm.test(entry))) {
    throw bad('algorithms', 'may only name RS*, PS*, ES* and EdDSA; "none" and shared secrets (HS*) are refused');
  }
  return Object.freeze([...value]);
}

function bounded(name: string, value: number, max: number, min = 0): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw bad(name, `must be a whole number from ${min} to ${max}`);
}

function bad(name: string, rule: string): HeimdallError {
  return new HeimdallError('bad_option', `Option "${name}" ${rule}.`);
}
