import { isAudienceAccepted } from './audience.ts';
import { HeimdallError } from './errors.ts';
import { isJsonObject, type JsonObject } from './json.ts';

/** What the claims of an acceptable token must say. */
export interface ClaimRules {
  /** The only accepted issuer, compared character by character. */
  readonly issuer: string;
  /** Accepted audiences in canonical form. */
  readonly audience: ReadonlySet<string>;
  /** Allowed difference of clocks, seconds. */
  readonly clockToleranceSeconds: number;
  /** Whether a token may be bound to a key (`cnf.jkt`), because the verifier then asks for a proof. @default false */
  readonly acceptsBound?: boolean;
}

/** Claims that only ID tokens and logout tokens have (OpenID Connect Core section 2, Back-Channel Logout section 2.4). */
const foreignClaims = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events'] as const;

/**
 * The checks that need no key and no clock of the issuer's: done before the signature so that a token that cannot be good costs
 * neither cryptography nor a request.
 *
 * @throws HeimdallError `issuer_unknown` or `token_expired`
 */
export function verifyIssuerAndExpiry(claims: JsonObject, rules: ClaimRules, now: number): void {
  if (claims.iss !== rules.issuer) {
    throw new HeimdallError(
      'issuer_unknown',
      'The access token comes from an issuer that this server does not accept.',
    );
  }
  const exp = seconds(claims, 'exp');
  if (exp === undefined) throw invalid('The access token has no "exp" claim.');
  if (exp <= now - rules.clockToleranceSeconds)
    throw new HeimdallError('token_expired', 'The access token has expired.');
}

/**
 * Every rule about the claims of an access token: issuer, lifetime, audience (RFC 9068 section 4, RFC 8707 section 2) and no
 * binding to a key that nobody checks.
 *
 * @param now seconds since the epoch
 * @throws HeimdallError `issuer_unknown`, `token_expired`, `audience_mismatch` or `token_invalid`
 */
export function verifyClaims(claims: JsonObject, rules: ClaimRules, now: number): void {
  verifyIssuerAndExpiry(claims, rules, now);
  const latest = now + rules.clockToleranceSeconds;
  if ((seconds(claims, 'nbf') ?? 0) > latest) throw invalid('The access token is not valid yet ("nbf").');
  if ((seconds(claims, 'iat') ?? 0) > latest) throw invalid('The access token was issued in the future ("iat").');
  if (!isAudienceAccepted(claims.aud, rules.audience)) {
    throw new HeimdallError('audience_mismatch', 'The access token was not issued for this resource ("aud").');
  }
  const isBound = claims.cnf !== undefined;
  if (isBound && !(rules.acceptsBound && boundKey(claims) !== undefined)) {
    throw invalid('The access token is bound to a key of its holder ("cnf"), which a plain bearer token cannot prove.');
  }
}

/**
 * Thumbprint of the key that a token is bound to (RFC 9449 section 6.1); `undefined` when it is bound in another way, or in
 * several, or not at all. Keycloak 26.7 says beside it what the thumbprint is for.
 */
export function boundKey({ cnf }: JsonObject): string | undefined {
  if (!isJsonObject(cnf)) return undefined;
  const { jkt, 'kc-jkt-type': use = 'DPoP', ...others } = cnf;
  if (use !== 'DPoP' || Object.keys(others).length > 0) return undefined;
  return typeof jkt === 'string' && jkt !== '' ? jkt : undefined;
}

/**
 * Lets access tokens through and refuses every other kind of JWT that the same issuer signs. RFC 9068 tokens say `at+jwt`; Keycloak's say
 * `JWT` in the header and `Bearer` in the payload, where its ID, refresh and logout tokens say `ID`, `Refresh`, `Offline`, `Logout`.
 *
 * @throws HeimdallError `token_invalid`
 */
export function verifyType(header: JsonObject, claims: JsonObject): void {
  const type = header.typ ?? 'JWT';
  const kind = typeof type === 'string' ? type.toLowerCase().replace(/^application\//, '') : '';
  if (kind !== 'at+jwt' && kind !== 'jwt') throw invalid('The token is not an access token ("typ" of its header).');
  // Keycloak says `DPoP` for a bound one, which `verifyClaims` looks at.
  const isBound = claims.typ === 'DPoP' && claims.cnf !== undefined;
  if (claims.typ !== undefined && claims.typ !== 'Bearer' && !isBound) {
    throw invalid('The token is not a bearer access token ("typ" of its payload).');
  }
  if (kind === 'jwt' && claims.typ === undefined && foreignClaims.some((claim) => claims[claim] !== undefined)) {
    throw invalid('The token is an ID or logout token, not an access token.');
  }
}

function seconds(claims: JsonObject, name: string): number | undefined {
  const value = claims[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(`The claim "${name}" is not a number.`);
  return value;
}

function invalid(message: string): HeimdallError {
  return new HeimdallError('token_invalid', message);
}
