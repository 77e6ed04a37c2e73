import type { JSONWebKeySet } from 'jose';
import { createSingleFlight } from './cache/single-flight.ts';
import { createTokenCache, type TokenCacheStats } from './cache/token-cache.ts';
import { MAX_TOKEN_LENGTH, verifyLength } from './compact.ts';
import { HeimdallError, isHeimdallError } from './errors.ts';
import { discover } from './issuer/discovery.ts';
import { createDocumentReader } from './issuer/document.ts';
import { createKeySource, type KeySourceStats } from './issuer/keys.ts';
import { normalizeOptions, secureUrl, type TokenVerifierOptions, type VerifierPolicy } from './options.ts';
import { type Principal, parsePrincipal } from './principal.ts';
import { createJwtStrategy } from './strategy/jwt.ts';

/** Tells whose an access token is. */
export interface TokenVerifier {
  /** The principal of a token that was verified a moment ago, else `undefined`. Synchronous, asks nobody, never throws. */
  peek(token: string): Principal | undefined;
  /**
   * The principal of a token: from the cache, else by verifying it. Calls with the same token share one verification.
   *
   * @throws HeimdallError with status 401 when the token is not good, 503 when that cannot be found out now
   */
  verify(token: string): Promise<Principal>;
  /** Counters since the start. */
  stats(): VerifierStats;
}

/** What a verifier has done so far. */
export interface VerifierStats {
  /** Tokens answered from the cache. */
  readonly hits: number;
  /** Tokens that had to be verified or had to wait for a verification. */
  readonly misses: number;
  /** Of the misses: how many joined a verification that was under way. */
  readonly joined: number;
  /** Of the misses: found good. */
  readonly verified: number;
  /** Of the misses: found bad. */
  readonly rejected: number;
  /** Of the misses: undecided, because the issuer could not be asked. */
  readonly unavailable: number;
  /** Verifications under way. */
  readonly running: number;
  readonly cache: TokenCacheStats;
  readonly keys: KeySourceStats;
}

/**
 * Creates a verifier of JWT access tokens of one issuer for one resource. Nothing is fetched before the first token comes.
 *
 * @throws HeimdallError `bad_option`
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const policy = normalizeOptions(options);
  const cache = createTokenCache(policy);
  const flight = createSingleFlight<Principal>(policy.maxConcurrency);
  const keys = createKeySource(keyLoader(policy), policy.now);
  const strategy = createJwtStrategy(policy, keys);
  const count = { hits: 0, misses: 0, verified: 0, rejected: 0, unavailable: 0 };

  function read(key: string): Principal | undefined {
    const principal = cache.read(key);
    if (principal !== undefined) count.hits += 1;
    return principal;
  }

  async function verifyAndRemember(token: string, key: string): Promise<Principal> {
    const principal = parsePrincipal(await strategy.verify(token));
    cache.write(key, principal, token.length);
    return principal;
  }

  /** Garbage is refused before it can take one of the places of those who wait for the issuer. */
  async function decide(token: string, key: string): Promise<Principal> {
    strategy.inspect(token);
    return flight.run(key, () => verifyAndRemember(token, key));
  }

  return {
    peek: (token) => (token.length > MAX_TOKEN_LENGTH ? undefined : read(cache.keyOf(token))),
    async verify(token) {
      verifyLength(token);
      const key = cache.keyOf(token);
      const known = read(key);
      if (known !== undefined) return known;
      count.misses += 1;
      try {
        const principal = await decide(token, key);
        count.verified += 1;
        return principal;
      } catch (error) {
        count[isHeimdallError(error) && error.code === 'unavailable' ? 'unavailable' : 'rejected'] += 1;
        throw error;
      }
    },
    stats: () => ({ ...count, joined: flight.joined, running: flight.size, cache: cache.stats(), keys: keys.stats() }),
  };
}

function keyLoader(policy: VerifierPolicy): () => Promise<JSONWebKeySet> {
  const read = createDocumentReader(policy);
  return async () => {
    const url = policy.jwksUri ?? jwksUriOf(await discover(policy.rules.issuer, read), policy);
    const keySet = await read(url);
    if (keySet === undefined) throw new HeimdallError('unavailable', `The issuer has no key set at ${url}.`);
    return keySet as unknown as JSONWebKeySet;
  };
}

function jwksUriOf(metadata: Readonly<Record<string, unknown>>, policy: VerifierPolicy): string {
  try {
    return secureUrl('jwks_uri', metadata.jwks_uri as string, policy.allowHttp);
  } catch (cause) {
    throw new HeimdallError('unavailable', `The metadata of ${policy.rules.issuer} has no acceptable "jwks_uri".`, {
      cause,
    });
  }
}
