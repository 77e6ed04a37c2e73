import { boundKey } from '../claims.ts';
import { HeimdallError } from '../errors.ts';
import { createBackOff, retryAfterSeconds } from '../issuer/back-off.ts';
import { type JsonRequest, objectOf } from '../issuer/json-request.ts';
import type { MetadataSource } from '../issuer/metadata.ts';
import type { JsonObject } from '../json.ts';

/** So many failures in a row stop the asking for a while. */
const failuresAllowed = 5;

/** Claims that say what the token itself is: those are never taken from anywhere else. */
const ownClaims: ReadonlySet<string> = new Set([
  ...[
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'jti',
    'sid',
    'typ',
    'client_id',
    'azp',
    'cid',
    'scope',
    'scp',
    'cnf',
    'act',
  ],
  ...['idtyp', 'gty', 'active', 'token_type', 'events', 'nonce'],
]);

/** What asking needs. */
export interface UserinfoOptions {
  /** @default `userinfo_endpoint` of the issuer's metadata */
  readonly endpoint: string | undefined;
  /** Names of the claims that may be filled in. */
  readonly wanted: readonly string[];
  readonly metadata: MetadataSource;
  readonly request: JsonRequest;
  readonly now: () => number;
}

/**
 * Fills in what a good token does not say from the issuer's userinfo endpoint (OpenID Connect Core section 5.3).
 *
 * It throws HeimdallError `token_invalid` when the issuer does not take the token any more or speaks of somebody else, `unavailable` when it cannot be
 * asked.
 */
export type Enrich = (token: string, claims: JsonObject) => Promise<JsonObject>;

/** Creates the way to ask. */
export function createUserinfo({ endpoint, wanted, metadata, request, now }: UserinfoOptions): Enrich {
  const backOff = createBackOff(now, failuresAllowed);
  const names = wanted.filter((name) => !ownClaims.has(name));

  async function ask(token: string): Promise<JsonObject | undefined> {
    const waitMs = backOff.remainingMs();
    if (waitMs > 0) throw unavailable(waitMs);
    try {
      const url = endpoint ?? (await metadata.urlOf('userinfo_endpoint'));
      const answer = await request(url, { headers: { authorization: `Bearer ${token}` } });
      backOff.succeeded();
      if (answer.status === 401) return undefined;
      // A token without the scope `openid` is good, and the issuer has nothing to say about its user.
      return answer.status === 200 ? objectOf(answer) : {};
    } catch (cause) {
      throw unavailable(backOff.failed(), cause);
    }
  }

  return async (token, claims) => {
    // Only its holder can show a token that is bound to a key.
    if (boundKey(claims) !== undefined) return claims;
    const answer = await ask(token);
    if (answer === undefined) {
      throw new HeimdallError('token_invalid', 'The issuer does not take the access token any more.');
    }
    // OpenID Connect Core section 5.3.2: an answer about another subject must not be used.
    if (answer.sub !== claims.sub) {
      if (Object.keys(answer).length === 0) return claims;
      throw new HeimdallError('token_invalid', 'The issuer speaks of another user than the access token.');
    }
    const found = names.filter((name) => Object.hasOwn(answer, name)).map((name) => [name, answer[name]]);
    return { ...Object.fromEntries(found), ...claims };
  };
}

function unavailable(waitMs: number, cause?: unknown): HeimdallError {
  const message = 'The issuer cannot be asked who the user is.';
  return new HeimdallError('unavailable', message, { cause, retryAfterSeconds: retryAfterSeconds(waitMs) });
}
