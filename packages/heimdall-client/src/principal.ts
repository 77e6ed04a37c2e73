import { type ClaimNamesPolicy, standardClaimNames } from './claim-names.ts';
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
  /** The application that holds the token (`client_id`, else `azp` or Okta's `cid`). */
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
  /** `act`: who acts for the subject, when that is somebody else (RFC 8693 section 4.1). */
  readonly actor?: Actor;
  /** The claims that the verifier was told to keep (`keepClaims`), as they are in the token. Has no prototype. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** Somebody who acts for another. */
export interface Actor {
  readonly subject: string;
  /** When it is not the issuer of the token. */
  readonly issuer?: string;
  /** For whom this one acts in turn. */
  readonly actor?: Actor;
}

/** How claims become a principal. */
export interface PrincipalRules {
  /** @default those of Keycloak and RFC 9068 */
  readonly names?: ClaimNamesPolicy | undefined;
  /** Claims to keep. @default none */
  readonly keep?: readonly string[];
}

/**
 * Makes a principal of the claims of a verified access token (RFC 9068 section 2.2, and Keycloak's own claims). Optional claims of an
 * unexpected type are left out.
 *
 * @throws HeimdallError `token_invalid` when `sub`, `iss` or `exp` is missing
 */
export function parsePrincipal(claims: JsonObject, rules: PrincipalRules = {}): Principal {
  const { names = standardClaimNames, keep = [] } = rules;
  const { sub, iss, exp } = claims;
  if (typeof sub !== 'string' || sub === '') throw missing('sub');
  if (typeof iss !== 'string' || iss === '') throw missing('iss');
  if (typeof exp !== 'number') throw missing('exp');
  const clientId = text(claims.client_id) ?? text(claims.azp) ?? text(claims.cid);
  const sessionId = text(claims.sid);
  const username = text(claims.preferred_username);
  const boundTo = boundKey(claims);
  const actor = parseActor(claims.act);
  return Object.freeze({
    subject: sub,
    issuer: iss,
    kind: isClient(claims, { clientId, sessionId, username }) ? 'client' : 'user',
    ...(clientId !== undefined && { clientId }),
    ...(sessionId !== undefined && { sessionId }),
    ...(username !== undefined && { username }),
    scopes: parseScopes(names.scopes.flatMap((name) => parseScopes(claims[name]))),
    roles: parseRoles(claims, names.roles),
    organizations: parseOrganizations(claims[names.organizations]),
    expiresAt: exp,
    ...(typeof claims.iat === 'number' && { issuedAt: claims.iat }),
    ...(boundTo !== undefined && { boundTo }),
    ...(actor !== undefined && { actor }),
    ...(keep.length > 0 && { claims: keepClaims(claims, keep) }),
  } satisfies Principal);
}

/** Reads a space separated `scope` (RFC 6749 section 3.3), or the array that some issuers send; without repetitions. */
export function parseScopes(scope: unknown): readonly string[] {
  const scopes = typeof scope === 'string' ? scope.split(' ') : stringsOf(scope);
  return Object.freeze([...new Set(scopes.filter((entry) => entry !== ''))]);
}

/**
 * Reads Keycloak's `organization` claim in every shape its mappers give it: `{"acme":{"id":"…"}}`, `["acme"]`, `"acme"`, and arrays of both, which
 * two mappers make of one user. An organization that is named twice is there once, with the id that any of them has.
 */
export function parseOrganizations(claim: unknown): readonly Organization[] {
  const found = new Map<string, Organization>();
  for (const entry of Array.isArray(claim) ? claim : [claim]) {
    for (const { alias, id } of organizationsIn(entry)) {
      if (found.get(alias)?.id === undefined)
        found.set(alias, Object.freeze(id === undefined ? { alias } : { alias, id }));
    }
  }
  return Object.freeze([...found.values()]);
}

function organizationsIn(entry: unknown): readonly { alias: string; id?: string | undefined }[] {
  if (typeof entry === 'string') return entry === '' ? [] : [{ alias: entry }];
  if (!isJsonObject(entry)) return [];
  return Object.entries(entry).map(([alias, details]) => ({
    alias,
    id: isJsonObject(details) ? text(details.id) : undefined,
  }));
}

function parseRoles(claims: JsonObject, names: readonly string[]): Roles {
  const clients: Record<string, readonly string[]> = Object.create(null);
  const access = claims.resource_access;
  if (isJsonObject(access)) {
    for (const [client, value] of Object.entries(access)) clients[client] = rolesIn(value);
  }
  const realm = [...rolesIn(claims.realm_access), ...names.flatMap((name) => stringsOf(claims[name]))];
  return Object.freeze({ realm: Object.freeze([...new Set(realm)]), clients: Object.freeze(clients) });
}

function rolesIn(access: unknown): readonly string[] {
  return Object.freeze(isJsonObject(access) ? [...stringsOf(access.roles)] : []);
}

/** Chains that are longer are cut off: nobody decides by the tenth of them. */
const maxActors = 10;

function parseActor(act: unknown, depth = 0): Actor | undefined {
  if (!isJsonObject(act) || depth >= maxActors) return undefined;
  const subject = text(act.sub);
  if (subject === undefined) return undefined;
  const issuer = text(act.iss);
  const actor = parseActor(act.act, depth + 1);
  return Object.freeze({ subject, ...(issuer !== undefined && { issuer }), ...(actor !== undefined && { actor }) });
}

function keepClaims(claims: JsonObject, keep: readonly string[]): Readonly<Record<string, unknown>> {
  const kept: Record<string, unknown> = Object.create(null);
  for (const name of keep) if (Object.hasOwn(claims, name)) kept[name] = deepFreeze(structuredClone(claims[name]));
  return Object.freeze(kept);
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}

/**
 * RFC 9068 section 2.2 sets `sub` to the client id when no user is involved; Keycloak instead has a service account user, named after the client
 * and without a login session; Entra says `idtyp: app`, Auth0 `gty: client-credentials`.
 */
function isClient(
  { sub, idtyp, gty }: JsonObject,
  token: { clientId: string | undefined; sessionId: string | undefined; username: string | undefined },
): boolean {
  if (idtyp === 'app' || gty === 'client-credentials') return true;
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
