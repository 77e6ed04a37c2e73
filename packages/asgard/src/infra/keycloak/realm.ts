import type { SecretName } from '../secrets.ts';
import type { InfraSettings } from '../settings.ts';
import { realmClients } from './clients.ts';
import { CLIENT_POLICIES, CLIENT_PROFILES } from './policies.ts';
import { REGISTRATION_POLICY, registrationPolicies } from './registration.ts';
import { fromEnvironment, type Organization, type Realm, type RealmUser } from './representation.ts';
import { clientScopes, defaultScopes, optionalScopes } from './scopes.ts';

const TOKEN_SECONDS = 300;
const EVENT_SECONDS = 30 * 24 * 3600;

/** The realm that Keycloak imports when it has none of this name. It holds no secret: they come from Keycloak's environment. */
export function realm(settings: InfraSettings): Realm {
  return {
    realm: settings.realm,
    enabled: true,
    displayName: 'Asgard',
    organizationsEnabled: true,
    // Containers fetch keys without TLS; whoever comes from outside does not.
    sslRequired: 'external',
    registrationAllowed: false,
    bruteForceProtected: true,
    permanentLockout: false,
    defaultSignatureAlgorithm: 'RS256',
    accessTokenLifespan: TOKEN_SECONDS,
    revokeRefreshToken: true,
    refreshTokenMaxReuse: 0,
    eventsEnabled: true,
    eventsExpiration: EVENT_SECONDS,
    adminEventsEnabled: true,
    clientScopes: clientScopes(settings),
    defaultDefaultClientScopes: defaultScopes(),
    defaultOptionalClientScopes: optionalScopes(settings),
    clients: realmClients(settings),
    scopeMappings: [{ clientScope: 'offline_access', roles: ['offline_access'] }],
    clientProfiles: { profiles: CLIENT_PROFILES },
    clientPolicies: { policies: CLIENT_POLICIES },
    components: { [REGISTRATION_POLICY]: registrationPolicies(settings) },
    ...(settings.demoUsers ? { organizations: DEMO_ORGANIZATIONS, users: demoUsers(settings.realm) } : {}),
  };
}

/** realm.json */
export function renderRealm(settings: InfraSettings): string {
  return `${JSON.stringify(realm(settings), undefined, 2)}\n`;
}

/** The same people as under `asgard dev`, with passwords that were made on this machine. */
function demoUsers(realmName: string): readonly RealmUser[] {
  const role = `default-roles-${realmName}`;
  return [
    demoUser('freya', { organization: 'valhalla', secret: 'ASGARD_FREYA_PASSWORD', role }),
    demoUser('loki', { organization: 'jotunheim', secret: 'ASGARD_LOKI_PASSWORD', role }),
  ];
}

const DEMO_ORGANIZATIONS: readonly Organization[] = [
  demoOrganization('Valhalla', 'valhalla', ['freya']),
  demoOrganization('Jotunheim', 'jotunheim', ['loki']),
];

function demoUser(
  username: string,
  { organization, secret, role }: { organization: string; secret: SecretName; role: string },
): RealmUser {
  return {
    username,
    email: `${username}@${organization}.example`,
    firstName: `${username.charAt(0).toUpperCase()}${username.slice(1)}`,
    lastName: `of ${organization}`,
    enabled: true,
    emailVerified: true,
    credentials: [{ type: 'password', value: fromEnvironment(secret), temporary: false }],
    realmRoles: [role],
  };
}

function demoOrganization(name: string, alias: string, members: readonly string[]): Organization {
  return {
    name,
    alias,
    enabled: true,
    domains: [{ name: `${alias}.example`, verified: true }],
    members: members.map((username) => ({ username, membershipType: 'UNMANAGED' })),
  };
}
