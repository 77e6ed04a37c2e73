import { LRUCache } from 'lru-cache';
import { type ClaimRules, verifyClaims } from '../claims.ts';
import { HeimdallError } from '../errors.ts';
import type { Sha256 } from '../hash.ts';
import { createBackOff, retryAfterSeconds } from '../issuer/back-off.ts';
import { createAuthenticate } from '../issuer/client-authentication.ts';
import { type JsonAnswer, type JsonRequest, objectOf } from '../issuer/json-request.ts';
import type { MetadataSource } from '../issuer/metadata.ts';
import type { IntrospectionPolicy } from '../issuer-options.ts';
import type { JsonObject } from '../json.ts';
import type { TokenStrategy } from './strategy.ts';

/** Refused tokens that are remembered, in a place of their own so that garbage displaces nobody. */
const maxRefused = 1_000;
/** So many failures in a row stop the asking for a while. */
const failuresAllowed = 5;

/** What introspection needs. */
export interface IntrospectionStrategyOptions {
  readonly rules: ClaimRules;
  readonly policy: IntrospectionPolicy;
  readonly metadata: MetadataSource;
  readonly request: JsonRequest;
  readonly hash: Sha256;
  readonly now: () => number;
}

/** Asks the issuer about each token (RFC 7662). What the issuer says is held to the same rules as a JWT's claims. */
export function createIntrospectionStrategy(options: IntrospectionStrategyOptions): TokenStrategy {
  const { rules, policy, now } = options;
  const authenticate = createAuthenticate(policy.client, { issuer: rules.issuer, now });
  const backOff = createBackOff(now, failuresAllowed);
  const refusedUntil = new LRUCache<string, number>({ max: maxRefused });

  async function ask(token: string): Promise<JsonObject> {
    const waitMs = backOff.remainingMs();
    if (waitMs > 0) throw unavailable('The issuer fails to answer about tokens.', waitMs);
    try {
      const endpoint = policy.endpoint ?? (await options.metadata.urlOf('introspection_endpoint'));
      const form = await authenticate(new URLSearchParams({ token, token_type_hint: 'access_token' }));
      const answer = readAnswer(await options.request(endpoint, form));
      backOff.succeeded();
      return answer;
    } catch (cause) {
      throw unavailable('The issuer cannot be asked about tokens.', backOff.failed(), cause);
    }
  }

  return {
    maxTtlMs: policy.maxTtlMs,
    isRemote: true,
    async verify(token) {
      const key = options.hash(token);
      if ((refusedUntil.get(key) ?? 0) > now()) throw inactive();
      const answer = await ask(token);
      if (answer.active !== true) {
        refusedUntil.set(key, now() + policy.refusedTtlMs);
        throw inactive();
      }
      const claims = { iss: rules.issuer, ...answer };
      verifyKind(claims);
      verifyClaims(claims, rules, now() / 1000);
      return claims;
    },
  };
}

/** What a 400 says when the fault is this server's, not the token's (RFC 6749 section 5.2). */
const clientFaults: ReadonlySet<unknown> = new Set(['invalid_client', 'unauthorized_client']);

/**
 * The issuer's word about one token. A 400 is one too: anybody can send what an issuer cannot read, which must not make it seem to be
 * away for everybody.
 */
function readAnswer(answer: JsonAnswer): JsonObject {
  // Longer than any token that the issuer could read; a proxy before it says so in its own words.
  if (answer.status === 413) return { active: false };
  const json = objectOf(answer);
  if (answer.status === 400 && !clientFaults.has(json.error)) return { active: false };
  if (answer.status !== 200) throw new Error(`The issuer refuses to answer this client (status ${answer.status}).`);
  if (typeof json.active !== 'boolean') throw new Error('The answer does not say whether the token is active.');
  return json;
}

/** An issuer answers about refresh tokens too: only one that is said to be a bearer access token is one. */
function verifyKind({ token_type, typ, cnf }: JsonObject): void {
  const kinds = [token_type, typ].filter((kind) => kind !== undefined);
  // One that is bound to a key is of the kind DPoP; `verifyClaims` says whether that is accepted.
  const accepted = cnf === undefined ? ['bearer'] : ['bearer', 'dpop'];
  const isBearer =
    kinds.length > 0 && kinds.every((kind) => typeof kind === 'string' && accepted.includes(kind.toLowerCase()));
  if (!isBearer)
    throw new HeimdallError('token_invalid', 'The issuer does not say that this is a bearer access token.');
}

function inactive(): HeimdallError {
  return new HeimdallError('token_invalid', 'The issuer says that the access token is not active.');
}

function unavailable(message: string, waitMs: number, cause?: unknown): HeimdallError {
  return new HeimdallError('unavailable', message, { cause, retryAfterSeconds: retryAfterSeconds(waitMs) });
}
