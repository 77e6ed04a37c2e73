import type { InfraSettings } from '../settings.ts';
import type { Component } from './representation.ts';
import { defaultScopes, optionalScopes } from './scopes.ts';

export const REGISTRATION_POLICY = 'org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy';

/** Every sign-in of a new program registers a client, and Keycloak forgets none by itself. A table of so many is no burden for it. */
const MAX_CLIENTS = 10_000;

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
    noMappers('anonymous'),
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
    noMappers('authenticated'),
  ];
}

/** A mapper writes any claim from what users may change of themselves: another subject, organization or role. So a client brings none. */
function noMappers(subType: string): Component {
  return policy('Allowed mappers', 'allowed-protocol-mappers', subType, {});
}

function policy(
  name: string,
  providerId: string,
  subType: string,
  config: Readonly<Record<string, readonly string[]>>,
): Component {
  return { name, providerId, subType, config };
}
