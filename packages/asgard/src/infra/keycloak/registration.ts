import { type InfraSettings, isLoopbackUrl } from '../settings.ts';
import type { Component } from './representation.ts';
import { defaultScopes, optionalScopes } from './scopes.ts';

export const REGISTRATION_POLICY = 'org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy';

const MAX_CLIENTS = 200;

/** Mappers that a client may ask for when it registers: those that cannot give it more than it has (CVE-2026-15572). */
const ALLOWED_MAPPERS = ['oidc-usermodel-attribute-mapper', 'oidc-usermodel-property-mapper'];

/**
 * Who may register a client without being known: MCP clients, which come back to a port of the user's own machine, and nothing else.
 * With a public name the machines that ask are anywhere, so only where they come back to is looked at.
 */
export function registrationPolicies(settings: InfraSettings): readonly Component[] {
  return [
    policy('Trusted hosts', 'trusted-hosts', 'anonymous', {
      'trusted-hosts': ['localhost', '127.0.0.1'],
      // Behind the gateway every request comes from the gateway.
      'host-sending-registration-request-must-match': ['false'],
      'client-uris-must-match': ['true'],
    }),
    policy('Allowed scopes', 'allowed-client-templates', 'anonymous', {
      'allow-default-scopes': ['true'],
      'allowed-client-scopes': [...defaultScopes(), ...optionalScopes(settings)],
    }),
    policy('Allowed mappers', 'allowed-protocol-mappers', 'anonymous', {
      'allowed-protocol-mapper-types': ALLOWED_MAPPERS,
    }),
    policy('Allowed web origins', 'registration-web-origins', 'anonymous', {
      'web-origins': settings.corsOrigins,
    }),
    policy('Full scope disabled', 'scope', 'anonymous', {}),
    policy('Consent required', 'consent-required', 'anonymous', {}),
    policy('Max clients', 'max-clients', 'anonymous', { 'max-clients': [String(MAX_CLIENTS)] }),
    policy('Allowed scopes', 'allowed-client-templates', 'authenticated', {
      'allow-default-scopes': ['true'],
      'allowed-client-scopes': [...defaultScopes(), ...optionalScopes(settings)],
    }),
    policy('Allowed mappers', 'allowed-protocol-mappers', 'authenticated', {
      'allowed-protocol-mapper-types': ALLOWED_MAPPERS,
    }),
  ];
}

/** Keycloak insists on TLS for names that are not private; on loopback there is none. */
export function sslRequired({ publicUrl }: InfraSettings): 'external' | 'all' {
  return isLoopbackUrl(publicUrl) ? 'external' : 'all';
}

function policy(
  name: string,
  providerId: string,
  subType: string,
  config: Readonly<Record<string, readonly string[]>>,
): Component {
  return { name, providerId, subType, config };
}
