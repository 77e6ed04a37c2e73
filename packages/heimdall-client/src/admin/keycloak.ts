import { createClients, type KeycloakClients } from './clients.ts';
import { type KeycloakAdminOptions, normalizeAdminOptions } from './options.ts';
import { createOrganizations, type KeycloakOrganizations } from './organizations.ts';
import { createAdminRequest } from './request.ts';
import { createScopes, type KeycloakScopes } from './scopes.ts';

/** Looks after one realm of a Keycloak (26 or newer), as far as MCP servers need it. */
export interface KeycloakAdmin {
  readonly organizations: KeycloakOrganizations;
  readonly clients: KeycloakClients;
  readonly scopes: KeycloakScopes;
}

/**
 * Creates the administration of one realm. Nothing is asked before the first call; the access token is kept in memory until shortly before
 * its end.
 *
 * @throws HeimdallError `bad_option`
 */
export function createKeycloakAdmin(options: KeycloakAdminOptions): KeycloakAdmin {
  const policy = normalizeAdminOptions(options);
  const request = createAdminRequest(policy);
  return Object.freeze({
    organizations: createOrganizations(request),
    clients: createClients(request, policy.now),
    scopes: createScopes(request),
  });
}
