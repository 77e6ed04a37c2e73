import { randomBytes } from 'node:crypto';
import { realm } from '../../packages/asgard/src/infra/keycloak/realm.ts';
import type { Realm } from '../../packages/asgard/src/infra/keycloak/representation.ts';
import { resolveSettings } from '../../packages/asgard/src/infra/resolve-settings.ts';

/** What the realm of a test is made for. */
export interface RealmOptions {
  readonly name: string;
  /** Resource identifier that every access token names in `aud`. */
  readonly resource: string;
  /** Scopes that clients may ask for. */
  readonly scopes: readonly string[];
  /** Id of a client that stands for a service which the server calls with exchanged tokens. @default none */
  readonly upstream?: string;
  /** A client whose service account administers the realm. @default none */
  readonly admin?: { readonly clientId: string; readonly secret: string };
}

/** A realm that Keycloak can be given by its interface for administrators. */
export interface TestRealm {
  readonly realm: Realm;
  /** The server's own client. */
  readonly server: { readonly clientId: string; readonly secret: string };
  readonly gateway: { readonly clientId: string; readonly secret: string };
}

/** The demo users of the realm. */
export const realmUsers = [
  { username: 'freya', password: 'freya', organization: 'valhalla' },
  { username: 'loki', password: 'loki', organization: 'jotunheim' },
] as const;

/**
 * The realm that `asgard infra` ships, with secrets where it has names of variables. What a test needs on top, an administrator of a deployment
 * would add too: a service to exchange tokens for, a client with a service account.
 */
export function shippedRealm({ name, resource, scopes, upstream, admin }: RealmOptions): TestRealm {
  const { origin, pathname } = new URL(resource);
  const infra = { publicUrl: origin, mcpPath: pathname, realm: name, scopes, demoUsers: true };
  const config = JSON.stringify({ infra });
  const settings = resolveSettings({ name, config, env: {}, flags: { server: 'host' }, hasDockerfile: false });
  const secrets = {
    ...{ ASGARD_ODIN_SECRET: randomSecret(), ASGARD_BIFROST_SECRET: randomSecret() },
    ...{ ASGARD_FREYA_PASSWORD: 'freya', ASGARD_LOKI_PASSWORD: 'loki' },
  };
  const shipped = JSON.parse(fillIn(JSON.stringify(realm(settings)), secrets)) as Realm;
  return {
    realm: withSteward(withUpstream(shipped, upstream), admin),
    server: { clientId: 'odin', secret: secrets.ASGARD_ODIN_SECRET },
    gateway: { clientId: 'bifrost', secret: secrets.ASGARD_BIFROST_SECRET },
  };
}

/** Puts values in place of `${NAME}`, as Keycloak does when it imports a file. */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(ASGARD_[A-Z_]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The realm names ${name}, which nobody sets.`);
    return value;
  });
}

function withUpstream(shipped: Realm, upstream: string | undefined): Realm {
  if (upstream === undefined) return shipped;
  const mapper = {
    ...{ name: 'upstream', protocol: 'openid-connect', protocolMapper: 'oidc-audience-mapper' },
    config: { 'included.client.audience': upstream, 'access.token.claim': 'true', 'id.token.claim': 'false' },
  };
  const service = { ...closed, clientId: upstream };
  const clients = shipped.clients.map((client) =>
    client.clientId === 'odin' ? { ...client, protocolMappers: [mapper] } : client,
  );
  return { ...shipped, clients: [...clients, service] } as unknown as Realm;
}

/** The roles that all of `createKeycloakAdmin` needs: clients and scopes, organizations, and their members. */
function withSteward(shipped: Realm, admin: RealmOptions['admin']): Realm {
  if (admin === undefined) return shipped;
  const client = {
    ...closed,
    ...admin,
    serviceAccountsEnabled: true,
    defaultClientScopes: ['basic', 'roles', 'service'],
  };
  const account = {
    ...{ username: `service-account-${admin.clientId}`, enabled: true, serviceAccountClientId: admin.clientId },
    clientRoles: { 'realm-management': ['manage-clients', 'manage-realm', 'manage-users', 'view-events'] },
  };
  const users = [...(shipped.users ?? []), account];
  return { ...shipped, clients: [...shipped.clients, client], users } as unknown as Realm;
}

const closed = { publicClient: false, standardFlowEnabled: false, redirectUris: [], webOrigins: [] };

function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}
