import { boundKey } from './claims.ts';
import { HeimdallError } from './errors.ts';
import { isJsonObject, type JsonObject, stringsOf } from './json.ts';

/** A group of users that is a tenant (Keycloak: organization). */
export interface Organization {
  /** Short name, unique within the issuer. */
  readonly alias: string;
  /** The issuer's id, when the token has it. */
  readonly id?: string;
}

/** Roles as Keycloak puts them into tokens (`realm_access`, `resource_access`). */
export interface Roles {
  /** Roles of the whole realm. */
  readonly realm: readonly string[];
  /** Roles by client id. Has no prototype: an absent client is `undefined`, whatever its name. */
  readonly clients: Readonly<Record<string, readonly string[]>>;
}

/** Who makes a request, as proven by a verified access token. Deeply frozen. */
export interface Principal {
  /** `sub`: stable id of the user or client at its issuer. */
  readonly subject: string;
  /** `iss`. */
  readonly issuer: string;
  /** `client` when a program acts for itself (client credentials), else `user`. */
  readonly kind: 'user' | 'client';
  /** The application that holds the token (`client_id`, else `azp`). */
  readonly clientId?: string;
  /** `sid`: the login session at the issuer. */
  readonly sessionId?: string;
  /** `preferred_username`: for people to read, not an identifier. */
  readonly username?: string;
  readonly scopes: readonly string[];
  readonly roles: Roles;
  readonly organizations: readonly Organization[];
  /** `exp`, seconds since the epoch. */
  readonly expiresAt: number;
  /** `iat`, seconds since the epoch. */
  readonly issuedAt?: number;
  /** `cnf.jkt`: thumbprint of the key that the token is bound to; every request then needs a proof (RFC 9449). */
  readonly boundTo?: string;
}

/**
 * Makes a principal of the claims of a verified access token (RFC 9068 section 2.2, and Keycloak's own claims). Optional claims of an
 * unexpected type are left out.
 *
 * @throws HeimdallError `token_invalid` when `sub`, `iss` or `exp` is missing
 */
export function parsePrincipal(claims: JsonObject): Principal {
  const { sub, iss, exp } = claims;
  if (typeof sub !== 'string' || sub === '') throw missing('sub');
  if (typeof iss !== 'string' || iss === '') throw missing('iss');
  if (typeof exp !== 'number') throw missing('exp');
  const clientId = text(claims.client_id) ?? text(claims.azp);
  const sessionId = text(claims.sid);
  const username = text(claims.preferred_username);
  const boundTo = boundKey(claims);
  return Object.freeze({
    subject: sub,
    issuer: iss,
    kind: isClient(sub, { clientId, sessionId, username }) ? 'client' : 'user',
    ...(clientId !== undefined && { clientId }),
    ...(sessionId !== undefined && { sessionId }),
    ...(username !== undefined && { username }),
    scopes: parseScopes(claims.scope),
    roles: parseRoles(claims),
    organizations: parseOrganizations(claims.organization),
    expiresAt: exp,
    ...(typeof claims.iat === 'number' && { issuedAt: claims.iat }),
    ...(boundTo !== undefined && { boundTo }),
  } satisfies Principal);
}

/** Reads a space separated `scope` (RFC 6749 section 3.3), or the array that some issuers send; without repetitions. */
export function parseScopes(scope: unknown): readonly string[] {
  const scopes = typeof scope === 'string' ? scope.split(' ') : stringsOf(scope);
  return Object.freeze([...new Set(scopes.filter((entry) => entry !== ''))]);
}

/**
 * Reads Keycloak's `organization` claim in every shape its mapper can give it: `{"acme":{"id":"…"}}`, `["acme"]` and `"acme"`.
 */
export function parseOrganizations(claim: unknown): readonly Organization[] {
  if (typeof claim === 'string') return Object.freeze(claim === '' ? [] : [organization(claim)]);
  if (isJsonObject(claim)) {
    return Object.freeze(Object.entries(claim).map(([alias, details]) => organization(alias, details)));
  }
  return Object.freeze([...new Set(stringsOf(claim))].map((alias) => organization(alias)));
}

function organization(alias: string, details?: unknown): Organization {
  const id = isJsonObject(details) ? text(details.id) : undefined;
  return Object.freeze(id === undefined ? { alias } : { alias, id });
}

function parseRoles(claims: JsonObject): Roles {
  const clients: Record<string, readonly string[]> = Object.create(null);
  const access = claims.resource_access;
  if (isJsonObject(access)) {
    for (const [client, value] of Object.entries(access)) clients[client] = rolesIn(value);
  }
  return Object.freeze({ realm: rolesIn(claims.realm_access), clients: Object.freeze(clients) });
}

function rolesIn(access: unknown): readonly string[] {
  return Object.freeze(isJsonObject(access) ? [...stringsOf(access.roles)] : []);
}

/**
 * RFC 9068 section 2.2 sets `sub` to the client id when no user is involved; Keycloak instead has a service account user, named after the client
 * and without a login session.
 */
function isClient(
  sub: string,
  token: { clientId: string | undefined; sessionId: string | undefined; username: string | undefined },
): boolean {
  if (token.clientId === undefined) return false;
  if (sub === token.clientId) return true;
  return token.sessionId === undefined && token.username === `service-account-${token.clientId.toLowerCase()}`;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function missing(claim: string): HeimdallError {
  return new HeimdallError('token_invalid', `The access token has no usable "${claim}" claim.`);
}
