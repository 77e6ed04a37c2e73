import { createSingleFlight } from './cache/single-flight.ts';
import { createTokenCache, type TokenCacheStats } from './cache/token-cache.ts';
import type { ClaimNamesPolicy } from './claim-names.ts';
import { MAX_TOKEN_LENGTH, verifyLength } from './compact.ts';
import { createProofVerifier, type ProvenRequest } from './dpop/proof.ts';
import { HeimdallError, isHeimdallError } from './errors.ts';
import type { KeySourceStats } from './issuer/keys.ts';
import { normalizeOptions, type TokenVerifierOptions } from './options.ts';
import { type Principal, parsePrincipal } from './principal.ts';
import { createRevocationDesk, type RevocationDesk } from './revocation/desk.ts';
import { createRouter } from './strategy/router.ts';
import type { TokenStrategy } from './strategy/strategy.ts';

/** Tells whose an access token is. */
export interface TokenVerifier {
  /**
   * The principal of a token that was verified a moment ago, else `undefined`; always `undefined` for a token that is bound to a key, which needs a
   * proof. Synchronous, asks nobody, never throws.
   */
  peek(token: string): Principal | undefined;
  /**
   * The principal of a token: from the cache, else by verifying it. Calls with the same token share one verification.
   *
   * @param request the proof of the request (scheme `DPoP`), for a token that is bound to a key; refused with any other (RFC 9449
   *   section 7.1)
   * @throws HeimdallError with status 401 when the token is not good, 503 when that cannot be found out now
   */
  verify(token: string, request?: ProvenRequest): Promise<Principal>;
  /** Counters since the start. */
  stats(): VerifierStats;
}

/** A verifier whose tokens can be made void before their time. */
export interface RevocableVerifier
  extends TokenVerifier,
    Pick<RevocationDesk, 'revoke' | 'isRevoked' | 'onRevocation' | 'close'> {}

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
  /** Good tokens that were asked about again before the last answer was too old. */
  readonly renewed: number;
  /** Of the misses: undecided, because the issuer could not be asked. */
  readonly unavailable: number;
  /** Verifications under way. */
  readonly running: number;
  /** Revocations that are remembered. */
  readonly revocations: number;
  readonly cache: TokenCacheStats;
  /** By issuer. */
  readonly keys: Readonly<Record<string, KeySourceStats>>;
}

/**
 * Creates a verifier of access tokens for one resource. Nothing is fetched before the first token comes.
 *
 * @throws HeimdallError `bad_option`
 */
export function createTokenVerifier(options: TokenVerifierOptions): RevocableVerifier {
  const policy = normalizeOptions(options);
  const desk = createRevocationDesk(policy);
  const cache = createTokenCache(policy, desk.revocations);
  const flight = createSingleFlight<Principal>(policy.maxConcurrency);
  const router = createRouter(policy);
  const proofs = policy.dpop && createProofVerifier(policy.dpop, policy);
  const names = new Map<unknown, ClaimNamesPolicy>(policy.issuers.map((entry) => [entry.issuer, entry.claimNames]));
  const count = { hits: 0, misses: 0, verified: 0, rejected: 0, unavailable: 0, renewed: 0 };
  const isRemote = policy.issuers.some(({ introspection }) => introspection !== undefined);

  function read(token: string, key: string): Principal | undefined {
    const principal = cache.read(key);
    if (principal === undefined) return undefined;
    count.hits += 1;
    if (isRemote && cache.takeDue(key)) void renew(token, key);
    return principal;
  }

  /** In the background: nobody waits, and an issuer that cannot be asked changes nothing yet. */
  async function renew(token: string, key: string): Promise<void> {
    try {
      await decide(token, key);
      count.renewed += 1;
    } catch (error) {
      if (isHeimdallError(error) && error.status === 401) cache.forget(key);
    }
  }

  async function verifyAndRemember(token: string, key: string, strategy: TokenStrategy): Promise<Principal> {
    const claims = await strategy.verify(token);
    const principal = parsePrincipal(claims, { names: names.get(claims.iss), keep: policy.keepClaims });
    if (desk.isRevoked(principal)) {
      throw new HeimdallError('token_revoked', 'The access token was revoked: the user signed out or lost access.');
    }
    cache.write(key, principal, { maxTtlMs: strategy.maxTtlMs, renew: strategy.isRemote ?? false });
    return principal;
  }

  /** Garbage is refused before it can take one of the places of those who wait for the issuer. */
  async function decide(token: string, key: string): Promise<Principal> {
    const strategy = router.route(token);
    return flight.run(key, () => verifyAndRemember(token, key, strategy));
  }

  async function find(token: string): Promise<Principal> {
    verifyLength(token);
    const key = cache.keyOf(token);
    const known = read(token, key);
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
  }

  return {
    peek(token) {
      const principal = token.length > MAX_TOKEN_LENGTH ? undefined : read(token, cache.keyOf(token));
      return principal?.boundTo === undefined ? principal : undefined;
    },
    async verify(token, request) {
      const principal = await find(token);
      const { boundTo: thumbprint } = principal;
      if (thumbprint === undefined && request === undefined) return principal;
      if (thumbprint === undefined || request === undefined || proofs === undefined) {
        const message =
          'A token that is bound to a key needs a proof of its holder ("DPoP"), and no other token may come with one.';
        throw new HeimdallError('token_invalid', message);
      }
      await proofs.verify(request, { token, thumbprint });
      return principal;
    },
    revoke: desk.revoke,
    isRevoked: desk.isRevoked,
    onRevocation: desk.onRevocation,
    close: desk.close,
    stats: () => ({
      ...{ ...count, joined: flight.joined, running: flight.size, revocations: desk.revocations.size },
      ...{ cache: cache.stats(), keys: router.keyStats() },
    }),
  };
}
