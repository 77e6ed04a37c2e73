import { HeimdallError, type HeimdallErrorCode } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { parseScopes } from '../principal.ts';

/** A token for another service, on behalf of the user. Handle it like a password. */
export interface ExchangedToken {
  readonly accessToken: string;
  /** Seconds since the epoch; absent when the issuer does not say, and then the token is not kept. */
  readonly expiresAt?: number;
  /** What the token is good for; empty when the issuer does not say. */
  readonly scopes: readonly string[];
}

const codes: Readonly<Record<string, HeimdallErrorCode>> = {
  invalid_target: 'target_refused',
  invalid_scope: 'scope_refused',
  invalid_client: 'client_refused',
  unauthorized_client: 'client_refused',
  unsupported_grant_type: 'client_refused',
};

const reasons: Readonly<Partial<Record<HeimdallErrorCode, string>>> = {
  target_refused: 'The issuer gives this server no tokens for that audience',
  scope_refused: 'The issuer gives this server no token with that scope',
  client_refused: 'The issuer lets this server exchange no tokens: check the option "client" and its rights',
};

/**
 * Reads a successful answer of the token endpoint (RFC 8693 section 2.2.1).
 *
 * @param now milliseconds since the epoch
 * @throws HeimdallError `unavailable` when it has no bearer token
 */
export function parseExchanged(answer: JsonObject, now: number): ExchangedToken {
  const { access_token: accessToken, token_type: type, expires_in: lifetime, scope } = answer;
  if (typeof accessToken !== 'string' || accessToken === '') throw nonsense('has no "access_token"');
  // A token that is bound to a key, or is no access token ("N_A"), cannot be used as a bearer token.
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer')
    throw nonsense('is of another "token_type" than Bearer');
  const expires = typeof lifetime === 'number' && Number.isFinite(lifetime);
  return Object.freeze({
    accessToken,
    ...(expires && { expiresAt: Math.floor(now / 1000) + lifetime }),
    scopes: parseScopes(scope),
  });
}

/** The error for a refusal of the token endpoint (RFC 6749 section 5.2, RFC 8693 section 2.2.2). */
export function exchangeRefusal(status: number, answer: unknown): HeimdallError {
  const { error, error_description: description } = (answer ?? {}) as JsonObject;
  const name = typeof error === 'string' && /^[\w.-]{1,64}$/.test(error) ? error : `status ${status}`;
  const code = Object.hasOwn(codes, name) ? codes[name] : undefined;
  const reason = (code && reasons[code]) ?? 'The issuer refuses to exchange the access token';
  return new HeimdallError(code ?? 'exchange_refused', `${reason} (${name}).`, {
    cause: typeof description === 'string' ? new Error(description.slice(0, 500)) : undefined,
  });
}

function nonsense(what: string): HeimdallError {
  return new HeimdallError('unavailable', `The issuer's answer to a token exchange ${what}.`, { retryAfterSeconds: 5 });
}
