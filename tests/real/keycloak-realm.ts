/** What the realm of a test is made for. */
export interface RealmOptions {
  readonly name: string;
  /** Resource identifier that every access token names in `aud`. */
  readonly resource: string;
  /** Scopes that clients may ask for. */
  readonly scopes: readonly string[];
  /** The server's own client, with which it asks about tokens. */
  readonly server: { readonly clientId: string; readonly secret: string };
  /** Id of a client that stands for a service which the server calls with exchanged tokens. */
  readonly upstream: string;
  readonly users: readonly { username: string; password: string; organization: string }[];
  /** A client whose service account administers the realm. @default none */
  readonly admin?: { readonly clientId: string; readonly secret: string };
}

/** A realm representation. */
export interface Realm {
  readonly realm: string;
  readonly [member: string]: unknown;
}

interface Mapper {
  readonly name: string;
  readonly protocolMapper: string;
  readonly config: Readonly<Record<string, string>>;
}

/**
 * A realm for MCP servers, as Keycloak imports it: clients register themselves, use PKCE, and get tokens for the resource with the
 * caller's organizations; nothing else is open. A realm file that names client scopes replaces the built-in ones, so they are all here.
 */
export function keycloakRealm({ name, resource, scopes, server, upstream, users, admin }: RealmOptions): Realm {
  const aliases = [...new Set(users.map((user) => user.organization))];
  return {
    realm: name,
    enabled: true,
    organizationsEnabled: true,
    sslRequired: 'external',
    accessTokenLifespan: 300,
    revokeRefreshToken: true,
    refreshTokenMaxReuse: 0,
    clientScopes: [
      ...builtInScopes,
      audienceScope(resource, server.clientId),
      ...scopes.map((scope) => clientScope(scope, [...audience(resource, server.clientId), username])),
    ],
    defaultDefaultClientScopes: [
      ...['basic', 'acr', 'roles', 'web-origins', 'profile', 'email', 'organization', 'asgard-audience'],
    ],
    defaultOptionalClientScopes: ['offline_access', ...scopes],
    clients: [
      {
        ...{
          clientId: server.clientId,
          secret: server.secret,
          publicClient: false,
          clientAuthenticatorType: 'client-secret',
        },
        ...{ standardFlowEnabled: false, directAccessGrantsEnabled: false, redirectUris: [], webOrigins: [] },
        attributes: { 'standard.token.exchange.enabled': 'true' },
        protocolMappers: [
          mapper('upstream', 'oidc-audience-mapper', {
            'included.client.audience': upstream,
            'id.token.claim': 'false',
          }),
        ].map((entry) => ({ ...entry, protocol: 'openid-connect' })),
      },
      ...(admin ? [{ ...admin, publicClient: false, serviceAccountsEnabled: true, standardFlowEnabled: false }] : []),
      { ...{ clientId: upstream, publicClient: false, standardFlowEnabled: false, redirectUris: [], webOrigins: [] } },
    ],
    scopeMappings: [{ clientScope: 'offline_access', roles: ['offline_access'] }],
    clientProfiles: {
      profiles: [
        { name: 'pkce', executors: [{ executor: 'pkce-enforcer', configuration: { 'auto-configure': true } }] },
      ],
    },
    clientPolicies: {
      policies: [
        {
          name: 'pkce',
          enabled: true,
          conditions: [{ condition: 'any-client', configuration: {} }],
          profiles: ['pkce'],
        },
      ],
    },
    components: { 'org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy': policies(scopes) },
    users: [
      ...(admin ? [serviceAccount(admin.clientId)] : []),
      ...users.map((user) => ({
        ...{
          username: user.username,
          enabled: true,
          emailVerified: true,
          firstName: user.username,
          lastName: 'Asgard',
        },
        email: `${user.username}@${user.organization}.example`,
        credentials: [{ type: 'password', value: user.password, temporary: false }],
        realmRoles: [`default-roles-${name}`],
      })),
    ],
    organizations: aliases.map((alias) => ({
      ...{ name: alias, alias, enabled: true, domains: [{ name: `${alias}.example`, verified: true }] },
      members: users
        .filter((user) => user.organization === alias)
        .map((user) => ({ username: user.username, membershipType: 'UNMANAGED' })),
    })),
  };
}

/** The roles that all of `createKeycloakAdmin` needs: clients and scopes, organizations, and their members. */
function serviceAccount(clientId: string): object {
  return {
    ...{ username: `service-account-${clientId}`, enabled: true, serviceAccountClientId: clientId },
    clientRoles: { 'realm-management': ['manage-clients', 'manage-realm', 'manage-users'] },
  };
}

/** Who may register: programs of this machine, for redirects to this machine, with these scopes. */
function policies(scopes: readonly string[]): object[] {
  const policy = (name: string, providerId: string, config: object) => ({
    name,
    providerId,
    subType: 'anonymous',
    config,
  });
  return [
    policy('Trusted Hosts', 'trusted-hosts', {
      'trusted-hosts': ['127.0.0.1', 'localhost'],
      'host-sending-registration-request-must-match': ['true'],
      'client-uris-must-match': ['true'],
    }),
    policy('Allowed Client Scopes', 'allowed-client-templates', {
      'allowed-client-scopes': ['offline_access', ...scopes],
      'allow-default-scopes': ['true'],
    }),
    policy('Full Scope Disabled', 'scope', {}),
    policy('Consent Required', 'consent-required', {}),
    policy('Max Clients Limit', 'max-clients', { 'max-clients': ['200'] }),
    policy('Allowed Protocol Mapper Types', 'allowed-protocol-mappers', {
      'allowed-protocol-mapper-types': ['oidc-usermodel-attribute-mapper', 'oidc-usermodel-property-mapper'],
    }),
  ];
}

/**
 * What a server needs to know is in a scope of every client, and in each scope of MCP as well: a client that sends a `scope` when it
 * registers, as MCP clients do, gets these scopes and loses the default ones.
 */
function audienceScope(resource: string, clientId: string): object {
  return clientScope('asgard-audience', audience(resource, clientId));
}

/** Without resource indicators an audience comes with a scope. The server's own client is in it too, or it may not ask about the token. */
function audience(resource: string, clientId: string): Mapper[] {
  return [
    mapper('resource', 'oidc-audience-mapper', { 'included.custom.audience': resource, 'id.token.claim': 'false' }),
    mapper('server', 'oidc-audience-mapper', { 'included.client.audience': clientId, 'id.token.claim': 'false' }),
  ];
}

const username: Mapper = mapper('username', 'oidc-usermodel-attribute-mapper', {
  ...{ 'user.attribute': 'username', 'claim.name': 'preferred_username', 'jsonType.label': 'String' },
});

/** Without `addOrganizationId`: Keycloak 26.7.3 fails to introspect tokens that have the ids. */
const organization: Mapper = mapper('organization', 'oidc-organization-membership-mapper', {
  ...{ multivalued: 'true', 'claim.name': 'organization', 'jsonType.label': 'String' },
});

/** Scopes that only carry claims and are not named in tokens. */
const silentScopes: ReadonlySet<string> = new Set(['basic', 'acr', 'roles', 'web-origins', 'asgard-audience']);

const builtInScopes: readonly object[] = [
  clientScope('basic', [
    mapper('sub', 'oidc-sub-mapper', {}),
    mapper('auth_time', 'oidc-usersessionmodel-note-mapper', {
      ...{ 'user.session.note': 'AUTH_TIME', 'claim.name': 'auth_time', 'jsonType.label': 'long' },
    }),
  ]),
  clientScope('acr', [mapper('acr loa level', 'oidc-acr-mapper', {})]),
  clientScope('roles', [
    mapper('realm roles', 'oidc-usermodel-realm-role-mapper', {
      ...{ multivalued: 'true', 'claim.name': 'realm_access.roles', 'jsonType.label': 'String' },
    }),
  ]),
  clientScope('web-origins', [mapper('allowed web origins', 'oidc-allowed-origins-mapper', {})]),
  clientScope('profile', [username]),
  clientScope('email', [
    mapper('email', 'oidc-usermodel-attribute-mapper', {
      ...{ 'user.attribute': 'email', 'claim.name': 'email', 'jsonType.label': 'String' },
    }),
  ]),
  clientScope('organization', [organization]),
  clientScope('offline_access', []),
];

function clientScope(name: string, protocolMappers: readonly Mapper[]): object {
  return {
    ...{
      name,
      protocol: 'openid-connect',
      attributes: { 'include.in.token.scope': String(!silentScopes.has(name)) },
    },
    protocolMappers: protocolMappers.map((entry) => ({ ...entry, protocol: 'openid-connect' })),
  };
}

function mapper(name: string, protocolMapper: string, config: Record<string, string>): Mapper {
  const where = { 'access.token.claim': 'true', 'id.token.claim': 'true', 'introspection.token.claim': 'true' };
  return { name, protocolMapper, config: { ...where, ...config } };
}
