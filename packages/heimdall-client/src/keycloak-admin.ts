export type { KeycloakClient, KeycloakClients, NewKeycloakClient } from './admin/clients.ts';
export { createKeycloakAdmin, type KeycloakAdmin } from './admin/keycloak.ts';
export type { KeycloakAdminOptions } from './admin/options.ts';
export type {
  KeycloakOrganization,
  KeycloakOrganizations,
  NewOrganization,
  OrganizationDomain,
  OrganizationMember,
} from './admin/organizations.ts';
export type { Page, PageOptions } from './admin/request.ts';
export type { KeycloakScope, KeycloakScopes, NewKeycloakScope, ScopeOffer } from './admin/scopes.ts';
export type { UnusedClientOptions } from './admin/unused-clients.ts';
