import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { findKeycloak, type Keycloak, startKeycloak } from '../../real/keycloak.ts';
import { keycloakRealm } from '../../real/keycloak-realm.ts';
import { describeWith } from '../../real/requirement.ts';
import { boundTokenContract } from './bound-tokens.ts';
import { introspectionContract } from './introspection.ts';
import { keycloakAdminContract } from './keycloak-admin.ts';
import { oauthClientContract } from './oauth-client.ts';
import { signOutContract } from './sign-out.ts';
import { tokenExchangeContract } from './token-exchange.ts';
import { type StartIssuer, tokenIssuerContract } from './token-issuer.ts';
import { userinfoContract } from './userinfo.ts';

const users = [
  { username: 'freya', password: 'freya', organization: 'valhalla' },
  { username: 'loki', password: 'loki', organization: 'jotunheim' },
];

describeWith('the real Keycloak', await findKeycloak(), ({ home }) => {
  let keycloak: Keycloak;
  let realms = 0;

  beforeAll(async () => {
    keycloak = await startKeycloak(home);
  }, 200_000);
  afterAll(() => keycloak?.close());

  /** One server for all, a realm for each. */
  const start: StartIssuer = async (resource) => {
    realms += 1;
    const scopes = ['mcp:tools', 'mcp:resources'];
    const name = `asgard-${realms}`;
    const server = { clientId: 'odin', secret: randomUUID() };
    const realm = keycloakRealm({ name, resource, users, scopes, server, upstream: 'calendar' });
    const issuer = await keycloak.createRealm(realm);
    const exchange = { audience: 'calendar', refusal: 'client_refused' };
    return {
      issuer,
      resource,
      users,
      server,
      exchange,
      metadataAt: [0],
      pinsScope: true,
      close: async () => undefined,
    };
  };
  tokenIssuerContract('Keycloak', start);
  oauthClientContract('Keycloak', start);
  boundTokenContract('Keycloak', start);
  signOutContract('Keycloak', start);
  introspectionContract('Keycloak', start, 'all');
  userinfoContract('Keycloak', start);
  tokenExchangeContract('Keycloak', start);
  keycloakAdminContract(async () => {
    const server = { clientId: 'odin', secret: randomUUID() };
    const admin = { clientId: 'steward', secret: randomUUID() };
    const resource = 'http://localhost:7999/mcp';
    const realm = keycloakRealm({
      ...{ name: 'administered', resource, users, scopes: ['mcp:tools'], server, upstream: 'calendar', admin },
    });
    return { issuer: await keycloak.createRealm(realm), users, admin };
  });
});
