import { LRUCache } from 'lru-cache';
import { createSingleFlight } from '../cache/single-flight.ts';
import { verifyLength } from '../compact.ts';
import { HeimdallError, isHeimdallError } from '../errors.ts';
import { createBackOff, retryAfterSeconds } from '../issuer/back-off.ts';
import { createAuthenticate } from '../issuer/client-authentication.ts';
import { createDocumentReader } from '../issuer/document.ts';
import { createJsonRequest, objectOf } from '../issuer/json-request.ts';
import { createMetadataSource } from '../issuer/metadata.ts';
import { badOption } from '../option-rules.ts';
import { type ExchangedToken, exchangeRefusal, parseExchanged } from './answer.ts';
import { normalizeExchangeOptions, type TokenExchangeOptions } from './options.ts';

/** What is wanted for a user's token. */
export interface ExchangeRequest {
  /** The user's access token, verified before. */
  readonly subjectToken: string;
  /** The service to be called: a client id, or a URL with `targetParameter: 'resource'`. */
  readonly audience: string;
  /** Space separated. @default the issuer decides */
  readonly scope?: string;
}

/** Gets tokens with which to call another service as the user (RFC 8693). */
export interface TokenExchange {
  /**
   * A token for the audience: one that is still good, else a new one. Calls for the same share one request.
   *
   * @throws HeimdallError `target_refused`, `scope_refused`, `exchange_refused` (403: not for this user), `client_refused` (500: not for this
   *   server), `unavailable` (503), `token_missing`, `token_malformed`, `bad_option` for an empty audience
   */
  exchange(request: ExchangeRequest): Promise<ExchangedToken>;
  /** Counters since the start. */
  stats(): TokenExchangeStats;
}

/** What an exchange has done so far. */
export interface TokenExchangeStats {
  /** Tokens that are remembered. */
  readonly entries: number;
  /** Answered from the cache. */
  readonly hits: number;
  /** Requests to the issuer. */
  readonly requests: number;
  /** Callers that joined a request under way. */
  readonly joined: number;
}

/** Refusals that are remembered, apart from the tokens so that they displace none. */
const maxRefused = 1_000;
/** So many failures in a row stop the asking for a while. */
const failuresAllowed = 5;
/** Token types and the grant (RFC 8693 sections 2.1 and 3). */
const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

interface Kept {
  readonly token: ExchangedToken;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Creates a token exchange at one issuer. Nothing is fetched before the first exchange; tokens are kept in memory only, found by a digest of
 * the user's token.
 *
 * @throws HeimdallError `bad_option`
 */
export function createTokenExchange(options: TokenExchangeOptions): TokenExchange {
  const policy = normalizeExchangeOptions(options);
  const { now, hash, cache } = policy;
  const ask = createJsonRequest(policy);
  const metadata = createMetadataSource({ ...policy, read: createDocumentReader(policy) });
  const authenticate = createAuthenticate(policy.client, policy);
  const backOff = createBackOff(now, failuresAllowed);
  const flight = createSingleFlight<ExchangedToken>(policy.maxConcurrency);
  const kept = cache.maxEntries > 0 ? new LRUCache<string, Kept>({ max: cache.maxEntries }) : undefined;
  const refused = new LRUCache<string, { error: HeimdallError; until: number }>({ max: maxRefused });
  const count = { hits: 0, requests: 0 };

  function formOf({ subjectToken, audience, scope }: ExchangeRequest): URLSearchParams {
    return new URLSearchParams({
      ...{ grant_type: grantType, subject_token: subjectToken, subject_token_type: accessTokenType },
      ...{ requested_token_type: accessTokenType, [policy.targetParameter]: audience },
      ...(scope !== undefined && { scope }),
    });
  }

  /** A refusal is an answer: only an issuer that gives none is given time to recover. */
  async function request(wanted: ExchangeRequest): Promise<ExchangedToken> {
    const waitMs = backOff.remainingMs();
    if (waitMs > 0) throw away(waitMs);
    count.requests += 1;
    try {
      const endpoint = policy.tokenEndpoint ?? (await metadata.urlOf('token_endpoint'));
      const answer = await ask(endpoint, await authenticate(formOf(wanted)));
      const token = answer.status === 200 ? parseExchanged(objectOf(answer), now()) : undefined;
      backOff.succeeded();
      if (token === undefined) throw exchangeRefusal(answer.status, answer.json);
      return token;
    } catch (cause) {
      if (isHeimdallError(cause) && cause.code !== 'unavailable') throw cause;
      throw away(backOff.failed(), cause);
    }
  }

  async function requestAndKeep(key: string, wanted: ExchangeRequest): Promise<ExchangedToken> {
    try {
      const token = await request(wanted);
      const end = ((token.expiresAt ?? 0) - policy.expirySkewSeconds) * 1000;
      const until = Math.min(end, now() + cache.maxTtlMs);
      if (until > now()) kept?.set(key, { token, until });
      return token;
    } catch (error) {
      if (isHeimdallError(error) && error.code !== 'unavailable') {
        refused.set(key, { error, until: now() + cache.refusedTtlMs });
      }
      throw error;
    }
  }

  return {
    async exchange(wanted) {
      verifyLength(wanted.subjectToken);
      if (typeof wanted.audience !== 'string' || wanted.audience === '') {
        throw badOption('audience', 'must name the service that is to be called');
      }
      const key = hash(JSON.stringify([wanted.subjectToken, wanted.audience, wanted.scope ?? null]));
      const known = kept?.get(key);
      if (known && now() < known.until) {
        count.hits += 1;
        return known.token;
      }
      kept?.delete(key);
      const no = refused.get(key);
      if (no && now() < no.until) throw no.error;
      return flight.run(key, () => requestAndKeep(key, wanted));
    },
    stats: () => ({ ...count, entries: kept?.size ?? 0, joined: flight.joined }),
  };
}

function away(waitMs: number, cause?: unknown): HeimdallError {
  const message = 'The issuer cannot be asked to exchange a token.';
  return new HeimdallError('unavailable', message, { cause, retryAfterSeconds: retryAfterSeconds(waitMs) });
}
