/** The parts of Keycloak's realm representation that Asgard writes. */
export interface Realm {
  readonly realm: string;
  readonly enabled: true;
  readonly displayName: string;
  readonly organizationsEnabled: true;
  readonly sslRequired: 'external';
  readonly registrationAllowed: false;
  readonly bruteForceProtected: true;
  readonly permanentLockout: false;
  readonly defaultSignatureAlgorithm: 'RS256';
  /** Seconds. */
  readonly accessTokenLifespan: number;
  readonly revokeRefreshToken: true;
  readonly refreshTokenMaxReuse: 0;
  readonly eventsEnabled: true;
  /** Seconds. */
  readonly eventsExpiration: number;
  readonly adminEventsEnabled: true;
  readonly clientScopes: readonly RealmClientScope[];
  readonly defaultDefaultClientScopes: readonly string[];
  readonly defaultOptionalClientScopes: readonly string[];
  readonly clients: readonly RealmClient[];
  /** Roles that a scope needs. */
  readonly scopeMappings: readonly { readonly clientScope: string; readonly roles: readonly string[] }[];
  readonly clientProfiles: { readonly profiles: readonly ClientProfile[] };
  readonly clientPolicies: { readonly policies: readonly ClientPolicy[] };
  readonly components: Readonly<Record<string, readonly Component[]>>;
  readonly organizations?: readonly Organization[];
  readonly users?: readonly RealmUser[];
}

export interface RealmClientScope {
  readonly name: string;
  readonly description: string;
  readonly protocol: 'openid-connect';
  readonly attributes: Readonly<Record<string, string>>;
  readonly protocolMappers: readonly Mapper[];
}

export interface Mapper {
  readonly name: string;
  readonly protocol: 'openid-connect';
  readonly protocolMapper: string;
  readonly consentRequired: false;
  readonly config: Readonly<Record<string, string>>;
}

export interface RealmClient {
  readonly clientId: string;
  readonly name: string;
  readonly enabled: true;
  readonly protocol: 'openid-connect';
  readonly publicClient: boolean;
  readonly standardFlowEnabled: boolean;
  readonly implicitFlowEnabled: false;
  readonly directAccessGrantsEnabled: false;
  readonly serviceAccountsEnabled: boolean;
  readonly fullScopeAllowed: boolean;
  readonly clientAuthenticatorType?: 'client-secret';
  readonly secret?: string;
  readonly redirectUris: readonly string[];
  readonly webOrigins: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly defaultClientScopes: readonly string[];
  readonly optionalClientScopes: readonly string[];
}

/** What is done with clients that a policy is for. */
export interface ClientProfile {
  readonly name: string;
  readonly description: string;
  readonly executors: readonly {
    readonly executor: string;
    readonly configuration: Readonly<Record<string, unknown>>;
  }[];
}

export interface ClientPolicy {
  readonly name: string;
  readonly description: string;
  readonly enabled: true;
  readonly conditions: readonly {
    readonly condition: string;
    readonly configuration: Readonly<Record<string, unknown>>;
  }[];
  readonly profiles: readonly string[];
  /** `STRICT`: only when every condition says yes. @default a condition without an opinion does not count */
  readonly mode?: 'STRICT';
}

export interface Component {
  readonly name: string;
  readonly providerId: string;
  readonly subType: string;
  readonly config: Readonly<Record<string, readonly string[]>>;
}

export interface Organization {
  readonly name: string;
  readonly alias: string;
  readonly enabled: true;
  readonly domains: readonly { readonly name: string; readonly verified: true }[];
  readonly members: readonly { readonly username: string; readonly membershipType: 'MANAGED' | 'UNMANAGED' }[];
}

export interface RealmUser {
  readonly username: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly enabled: true;
  readonly emailVerified: true;
  readonly credentials: readonly { readonly type: 'password'; readonly value: string; readonly temporary: false }[];
  readonly realmRoles: readonly string[];
}

/** A protocol mapper whose claim is in access tokens, ID tokens and introspection, unless `config` says otherwise. */
export function mapper(name: string, protocolMapper: string, config: Readonly<Record<string, string>>): Mapper {
  return {
    name,
    protocol: 'openid-connect',
    protocolMapper,
    consentRequired: false,
    config: { 'access.token.claim': 'true', 'id.token.claim': 'true', 'introspection.token.claim': 'true', ...config },
  };
}

/** Puts the resource into `aud`. Without the experimental feature resource-indicators, Keycloak ignores the parameter `resource`. */
export function resourceMapper(resource: string): Mapper {
  return audienceMapper('mcp audience', { 'included.custom.audience': resource });
}

/** Puts a client into `aud`: Keycloak answers only those who are in it about a token, and lets only them exchange it. */
export function clientAudienceMapper(clientId: string): Mapper {
  return audienceMapper(clientId, { 'included.client.audience': clientId });
}

function audienceMapper(name: string, config: Readonly<Record<string, string>>): Mapper {
  return mapper(name, 'oidc-audience-mapper', { ...config, 'id.token.claim': 'false' });
}

/** A value that Keycloak takes from its environment when it imports the file. */
export function fromEnvironment(name: string): string {
  return `\${${name}}`;
}
