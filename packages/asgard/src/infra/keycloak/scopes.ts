import { type InfraSettings, mcpUrlOf } from '../settings.ts';
import { SERVICE_SCOPE } from './policies.ts';
import { clientAudienceMapper, type Mapper, mapper, type RealmClientScope, resourceMapper } from './representation.ts';

/** Carries the audience, and is given to every client, registered ones too: they cannot ask for an audience (keycloak#10169). */
export const AUDIENCE_SCOPE = 'mcp-audience';

/** Scopes that only carry claims; tokens do not name them. */
const SILENT: ReadonlySet<string> = new Set(['basic', 'acr', 'roles', 'web-origins', AUDIENCE_SCOPE, SERVICE_SCOPE]);

/** Clients that ask about tokens or exchange them. */
const TOKEN_READERS = ['odin', 'bifrost'];

/** Scopes that a user is asked about. */
const ASKED: ReadonlySet<string> = new Set(['profile', 'email', 'organization', 'offline_access']);

/**
 * Every client scope of the realm. A realm file that names any replaces the ones that are built in, so those are here too. The scopes of
 * the MCP server carry audience and name themselves: a client that names scopes when it registers loses the default ones. Organizations cannot
 * be had that way: their mapper works only in a token that has the scope `organization`, and a second one makes an array of the claim.
 */
export function clientScopes(settings: InfraSettings): readonly RealmClientScope[] {
  const audience = [resourceMapper(mcpUrlOf(settings)), ...TOKEN_READERS.map(clientAudienceMapper)];
  return [
    scope('basic', 'Subject and time of sign-in', [mapper('sub', 'oidc-sub-mapper', {}), AUTH_TIME]),
    scope('acr', 'How the user signed in', [mapper('acr loa level', 'oidc-acr-mapper', {})]),
    scope('profile', 'Name of the user', [
      USERNAME,
      attribute('given_name', 'firstName'),
      attribute('family_name', 'lastName'),
    ]),
    scope('email', 'Address of the user', [attribute('email', 'email')]),
    scope('roles', 'Roles in the realm and at its clients', [
      roles('realm roles', 'oidc-usermodel-realm-role-mapper', 'realm_access.roles'),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Keycloak's own placeholder
      roles('client roles', 'oidc-usermodel-client-role-mapper', 'resource_access.${client_id}.roles'),
    ]),
    scope('web-origins', 'Origins that may use the token', [
      mapper('allowed web origins', 'oidc-allowed-origins-mapper', {}),
    ]),
    scope('organization', 'Organizations that the user belongs to', [ORGANIZATION]),
    scope('offline_access', 'Stay signed in', []),
    scope(AUDIENCE_SCOPE, 'Tokens are for the MCP endpoint', audience),
    scope(SERVICE_SCOPE, 'May get tokens without a user', []),
    ...settings.scopes.map((name) => scope(name, `Use of ${name}`, [...audience, USERNAME], true)),
  ];
}

/** Given without being asked for. */
export function defaultScopes(): readonly string[] {
  return ['basic', 'acr', 'profile', 'email', 'roles', 'web-origins', 'organization', AUDIENCE_SCOPE];
}

/** Given when a client asks for them. */
export function optionalScopes({ scopes }: InfraSettings): readonly string[] {
  return ['offline_access', ...scopes];
}

const AUTH_TIME: Mapper = mapper('auth_time', 'oidc-usersessionmodel-note-mapper', {
  'user.session.note': 'AUTH_TIME',
  'claim.name': 'auth_time',
  'jsonType.label': 'long',
});

const USERNAME: Mapper = attribute('preferred_username', 'username');

const ORGANIZATION: Mapper = mapper('organization', 'oidc-organization-membership-mapper', {
  'claim.name': 'organization',
  // With String, Keycloak cannot introspect tokens that have ids.
  'jsonType.label': 'JSON',
  multivalued: 'true',
  addOrganizationId: 'true',
});

function scope(
  name: string,
  description: string,
  protocolMappers: readonly Mapper[],
  asked: boolean = ASKED.has(name),
): RealmClientScope {
  return {
    name,
    description,
    protocol: 'openid-connect',
    attributes: {
      'include.in.token.scope': String(!SILENT.has(name)),
      'display.on.consent.screen': String(asked),
    },
    protocolMappers,
  };
}

function attribute(claim: string, of: string): Mapper {
  return mapper(claim, 'oidc-usermodel-attribute-mapper', {
    'user.attribute': of,
    'claim.name': claim,
    'jsonType.label': 'String',
    'userinfo.token.claim': 'true',
  });
}

function roles(name: string, protocolMapper: string, claim: string): Mapper {
  return mapper(name, protocolMapper, { 'claim.name': claim, 'jsonType.label': 'String', multivalued: 'true' });
}
