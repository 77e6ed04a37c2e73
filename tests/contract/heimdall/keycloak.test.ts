import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { type Keycloak, startKeycloak } from '../../real/keycloak.ts';
import { findKeycloak } from '../../real/keycloak-distribution.ts';
import { shippedRealm, realmUsers as users } from '../../real/keycloak-realm.ts';
import { throughGateway } from '../../real/registration-gateway.ts';
import { describeWith } from '../../real/requirement.ts';
import { boundTokenContract } from './bound-tokens.ts';
import { introspectionContract } from './introspection.ts';
import { keycloakAdminContract } from './keycloak-admin.ts';
import { oauthClientContract } from './oauth-client.ts';
import { realmAttackContract } from './realm-attacks.ts';
import { signOutContract } from './sign-out.ts';
import { tokenExchangeContract } from './token-exchange.ts';
import { type StartIssuer, tokenIssuerContract } from './token-issuer.ts';
import { userinfoContract } from './userinfo.ts';

const scopes = ['mcp:tools', 'mcp:resources'];

describeWith('the real Keycloak with the realm of asgard infra', await findKeycloak(), ({ home }) => {
  let keycloak: Keycloak;
  let realms = 0;

  beforeAll(async () => {
    keycloak = await startKeycloak(home);
  }, 200_000);
  afterAll(() => keycloak?.close());

  /** One server for all, a realm for each. */
  const start: StartIssuer = async (resource) => {
    realms += 1;
    const name = `asgard-${realms}`;
    const { realm, server, gateway } = shippedRealm({ name, resource, scopes, upstream: 'calendar' });
    return {
      ...{ issuer: await keycloak.createRealm(realm), resource, users, server, gateway },
      exchange: { audience: 'calendar', refusal: 'client_refused' },
      client: { clientId: 'inspector', redirectUri: 'http://localhost:6274/oauth/callback' },
      metadataAt: [0],
      fetch: throughGateway(fetch),
      close: async () => undefined,
      async admitLogout({ redirectUri, logoutUri }) {
        const clientId = randomUUID();
        const attributes = { 'backchannel.logout.url': logoutUri, 'backchannel.logout.session.required': 'true' };
        const body = { clientId, publicClient: true, redirectUris: [redirectUri], attributes };
        const { status } = await keycloak.administer(`/${name}/clients`, { method: 'POST', body });
        if (status !== 201) throw new Error(`Keycloak refuses the client: ${status}`);
        return clientId;
      },
    };
  };
  tokenIssuerContract('Keycloak', start);
  oauthClientContract('Keycloak', start);
  boundTokenContract('Keycloak', start);
  signOutContract('Keycloak', start);
  introspectionContract('Keycloak', start, 'all');
  userinfoContract('Keycloak', start);
  tokenExchangeContract('Keycloak', start);
  realmAttackContract(start);
  keycloakAdminContract(async () => {
    const admin = { clientId: 'steward', secret: randomUUID() };
    const resource = 'http://localhost:7999/mcp';
    const { realm } = shippedRealm({ name: 'administered', resource, scopes: ['mcp:tools'], admin });
    return { issuer: await keycloak.createRealm(realm), users, admin };
  });
});
