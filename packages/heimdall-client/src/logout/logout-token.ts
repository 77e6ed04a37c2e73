import { HeimdallError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { Revocation } from '../revocation/revocation.ts';

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** Oldest logout token that is taken, seconds. It bounds how long ids have to be remembered. */
export const maxAgeSeconds = 300;

/** What the claims of a logout token must say. */
export interface LogoutRules {
  readonly issuer: string;
  /** Ids of the clients whose logouts count. */
  readonly clients: ReadonlySet<string>;
  readonly clockToleranceSeconds: number;
}

/** A logout token that is in order. */
export interface Logout {
  /** `jti`. */
  readonly id: string;
  readonly revocation: Revocation;
}

/**
 * Reads the verified claims of a logout token (OpenID Connect Back-Channel Logout section 2.6). It voids the tokens of a session, or
 * those that the subject had been issued by then.
 *
 * @param now seconds since the epoch
 * @throws HeimdallError `token_invalid`
 */
export function parseLogout(
  token: { header: JsonObject; claims: JsonObject },
  rules: LogoutRules,
  now: number,
): Logout {
  const { header, claims } = token;
  verifyLogoutType(header, claims);
  const { iss, aud, iat, exp, jti, sid, sub, events, nonce } = claims;
  if (iss !== rules.issuer) throw invalid('comes from another issuer ("iss")');
  const audience = Array.isArray(aud) ? aud : [aud];
  if (!audience.some((client) => typeof client === 'string' && rules.clients.has(client))) {
    throw invalid('is meant for another client ("aud")');
  }
  const { clockToleranceSeconds: tolerance } = rules;
  if (typeof iat !== 'number' || iat > now + tolerance || iat < now - maxAgeSeconds - tolerance) {
    throw invalid('is not of now ("iat")');
  }
  if (exp !== undefined && (typeof exp !== 'number' || exp <= now - tolerance)) throw invalid('has expired ("exp")');
  if (!isJsonObject(events) || !isJsonObject(events[logoutEvent])) throw invalid('is about another event ("events")');
  if (nonce !== undefined) throw invalid('has a "nonce", as only ID tokens do');
  if (typeof jti !== 'string' || jti === '') throw invalid('has no id ("jti")');
  const common = { issuer: rules.issuer, issuedBefore: iat };
  if (typeof sid === 'string' && sid !== '') return { id: jti, revocation: { ...common, sessionId: sid } };
  if (sid === undefined && typeof sub === 'string' && sub !== '')
    return { id: jti, revocation: { ...common, subject: sub } };
  throw invalid('names neither session nor subject ("sid", "sub")');
}

/** `logout+jwt`, or Keycloak's `JWT` with `Logout` in the payload; never an access token's or an ID token's type. */
function verifyLogoutType(header: JsonObject, claims: JsonObject): void {
  const type = header.typ ?? 'JWT';
  const kind = typeof type === 'string' ? type.toLowerCase().replace(/^application\//, '') : '';
  if (kind !== 'logout+jwt' && kind !== 'jwt') throw invalid('is of another type ("typ")');
  if (claims.typ !== undefined && claims.typ !== 'Logout') throw invalid('is of another type ("typ" of its payload)');
}

function invalid(what: string): HeimdallError {
  return new HeimdallError('token_invalid', `The logout token ${what}.`);
}
