import type { SecretName } from '../secrets.ts';
import { type InfraSettings, isLoopbackUrl, mcpUrlOf } from '../settings.ts';
import { SERVICE_SCOPE } from './policies.ts';
import { fromEnvironment, type RealmClient } from './representation.ts';
import { defaultScopes, optionalScopes } from './scopes.ts';

/** Paths of the MCP Inspector that the sign-in comes back to. */
const INSPECTOR_CALLBACKS = ['/oauth/callback', '/oauth/callback/debug'];

/** The clients that are known beforehand; others register themselves. */
export function realmClients(settings: InfraSettings): readonly RealmClient[] {
  return [
    {
      ...confidential('odin', 'The MCP server: whom tokens are for', 'ASGARD_ODIN_SECRET'),
      attributes: {
        // For the feature resource-indicators, should it be switched on.
        resource_url: mcpUrlOf(settings),
        'standard.token.exchange.enabled': 'true',
      },
      // What an exchanged token says of the user. Not the audience of the MCP endpoint: it is for another service.
      defaultClientScopes: ['basic', 'acr', 'profile', 'roles', 'organization', SERVICE_SCOPE],
    },
    confidential('bifrost', 'The gateway, should it introspect tokens', 'ASGARD_BIFROST_SECRET'),
    ...(isLoopbackUrl(settings.publicUrl) ? [inspector(settings)] : []),
  ];
}

/** Never signs anybody in, so there is nowhere to send anybody back to. */
function confidential(clientId: string, name: string, secret: SecretName): RealmClient {
  return {
    clientId,
    name,
    enabled: true,
    protocol: 'openid-connect',
    publicClient: false,
    standardFlowEnabled: false,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: false,
    fullScopeAllowed: false,
    clientAuthenticatorType: 'client-secret',
    secret: fromEnvironment(secret),
    redirectUris: [],
    webOrigins: [],
    attributes: {},
    defaultClientScopes: [],
    optionalClientScopes: [],
  };
}

/** A web page has no secret; PKCE is what ties the code to it. */
function inspector(settings: InfraSettings): RealmClient {
  const origins = [`http://localhost:${settings.ports.inspector}`, `http://127.0.0.1:${settings.ports.inspector}`];
  return {
    clientId: 'inspector',
    name: 'MCP Inspector',
    enabled: true,
    protocol: 'openid-connect',
    publicClient: true,
    standardFlowEnabled: true,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: false,
    fullScopeAllowed: true,
    redirectUris: origins.flatMap((origin) => INSPECTOR_CALLBACKS.map((path) => `${origin}${path}`)),
    webOrigins: origins,
    attributes: { 'pkce.code.challenge.method': 'S256' },
    defaultClientScopes: defaultScopes(),
    optionalClientScopes: optionalScopes(settings),
  };
}
