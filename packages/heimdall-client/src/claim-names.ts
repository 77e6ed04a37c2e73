import { badOption } from './option-rules.ts';

/** Where an issuer's tokens say what their holder may do, when they are not like Keycloak's or RFC 9068's. */
export interface ClaimNames {
  /** Claims with scopes, as text with spaces between them or as a list; all of them count. @default ['scope', 'scp'] */
  readonly scopes?: readonly string[];
  /** Claims with roles of the whole issuer, each a list; they count beside Keycloak's `realm_access.roles`. @default none */
  readonly roles?: readonly string[];
  /** Claim with the organizations: one name, a list of names, or an object by name. @default 'organization' */
  readonly organizations?: string;
}

/** Names after all checks. */
export type ClaimNamesPolicy = Readonly<Required<ClaimNames>>;

/** Where Keycloak's tokens and those of RFC 9068 say it; `scp` is how Entra and Okta call it. */
export const standardClaimNames: ClaimNamesPolicy = Object.freeze({
  scopes: Object.freeze(['scope', 'scp']),
  roles: Object.freeze([]),
  organizations: 'organization',
});

/**
 * Checks the names and fills in the defaults.
 *
 * @throws HeimdallError `bad_option`
 */
export function normalizeClaimNames(names: ClaimNames = {}): ClaimNamesPolicy {
  const { scopes, roles, organizations } = { ...standardClaimNames, ...names };
  return Object.freeze({
    scopes: claimList('claimNames.scopes', scopes),
    roles: claimList('claimNames.roles', roles),
    organizations: claimList('claimNames.organizations', [organizations])[0] ?? '',
  });
}

/**
 * A list of names of claims.
 *
 * @throws HeimdallError `bad_option`
 */
export function claimList(option: string, names: readonly string[]): readonly string[] {
  if (Array.isArray(names) && names.every((name) => typeof name === 'string' && name !== '')) {
    return Object.freeze([...names]);
  }
  throw badOption(option, 'must be names of claims');
}
