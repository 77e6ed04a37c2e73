import { request } from 'node:http';
import { type Bifrost, signIn, startBifrost } from '@asgard/devstack';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toGatewayRoutes } from '../../../packages/asgard/src/infra/gateway-routes.ts';
import { infraRoutes } from '../../../packages/asgard/src/infra/routes.ts';
import { mcpUrlOf } from '../../../packages/asgard/src/infra/settings.ts';
import { type Keycloak, startKeycloak } from '../../real/keycloak.ts';
import { findKeycloak } from '../../real/keycloak-distribution.ts';
import { shippedRealm } from '../../real/keycloak-realm.ts';
import { describeWith } from '../../real/requirement.ts';
import { exampleSettings } from './settings.ts';

const settings = exampleSettings({ scopes: ['notes:read'] });
const CLIENT = {
  client_name: 'ratatoskr',
  redirect_uris: ['http://127.0.0.1:1/callback'],
  token_endpoint_auth_method: 'none',
};

/** The rendered routes in front of the real Keycloak with the rendered realm: what passes is enough to work, and no more. */
describeWith('the way to the real Keycloak', await findKeycloak(), ({ home }) => {
  let keycloak: Keycloak;
  let bifrost: Bifrost;
  let issuer = '';
  let inside = '';

  beforeAll(async () => {
    keycloak = await startKeycloak(home);
    const { realm } = shippedRealm({ name: settings.realm, resource: mcpUrlOf(settings), scopes: settings.scopes });
    issuer = await keycloak.createRealm(realm);
    inside = new URL(issuer).origin;
    const places = { odin: inside, hermod: inside, heimdall: inside };
    bifrost = await startBifrost({ routes: toGatewayRoutes(infraRoutes(settings), places, settings) });
  }, 200_000);
  afterAll(async () => {
    await bifrost?.close();
    await keycloak?.close();
  });

  /** Keycloak names its own address; every request to it takes the way of the gateway. */
  const through: typeof fetch = (input, init) =>
    fetch(String(input instanceof Request ? input.url : input).replace(inside, bifrost.url), init);
  const register = (body: object, format = 'openid-connect'): Promise<Response> =>
    through(`${issuer}/clients-registrations/${format}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('a client registers, and its user signs in', async () => {
    const { accessToken } = await signIn({
      ...{ issuer, user: 'freya', fetch: through },
      scope: 'openid notes:read',
    });
    expect(decodeJwt(accessToken)).toMatchObject({ iss: issuer, preferred_username: 'freya' });
  });

  test('a client sees, changes and ends what it registered', async () => {
    const made = (await (await register(CLIENT)).json()) as Registered;
    const manage = async (method: string, token: string, body?: object): Promise<Response> =>
      through(made.registration_client_uri, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
    const seen = (await (await manage('GET', made.registration_access_token)).json()) as Registered;
    const token = seen.registration_access_token ?? made.registration_access_token;
    const change = { ...CLIENT, client_id: made.client_id, client_name: 'new', jwks_uri: 'http://127.0.0.1:9/inner' };
    const changed = await manage('PUT', token, change);
    expect(changed.status).toBe(200);
    const now = (await changed.json()) as Registered;
    expect(now).toMatchObject({ client_name: 'new' });
    expect(JSON.stringify(now)).not.toContain('inner');
    expect((await manage('DELETE', now.registration_access_token)).status).toBe(204);
  });

  test('addresses that Keycloak would call do not arrive', async () => {
    const answer = await register({
      ...CLIENT,
      ...{ jwks_uri: 'http://127.0.0.1:9/inner', backchannel_logout_uri: 'http://127.0.0.1:9/inner' },
    });
    expect(answer.status).toBe(201);
    expect(await answer.text()).not.toContain('inner');
  });

  test.each([
    [{ grant_types: ['client_credentials'], token_endpoint_auth_method: 'client_secret_basic' }],
    [{ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'http://127.0.0.1:9/inner' }],
  ])('%j is refused', async (said) => {
    expect((await register({ ...CLIENT, ...said })).status).toBe(400);
  });

  test.each([
    'clients-registrations/default',
    'protocol/..;/clients-registrations/default',
    'protocol/..%2fclients-registrations/default',
    'protocol/..%5cclients-registrations/default',
    'protocol/%2e%2e/clients-registrations/default',
    'protocol/%2e%2e;/clients-registrations/default',
    'protocol/%252e%252e/clients-registrations/default',
    'protocol/;/../clients-registrations/default',
    'login;/../clients-registrations/default',
    'account/..;x=/clients-registrations/default',
    '../../resources/..;/realms/asgard/clients-registrations/default',
    '../../resources/..%2frealms/asgard/clients-registrations/default',
    'clients-registrations/openid-connect/../default',
    'clients-registrations/openid-connect/..;/default',
    'clients-registrations/openid-connect/..%2fdefault',
  ])('no way leads to the registration of its own format: %s', async (path) => {
    const status = await statusOf(bifrost.url, `${new URL(issuer).pathname}/${path}`);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });
});

interface Registered {
  readonly client_id: string;
  readonly registration_client_uri: string;
  readonly registration_access_token: string;
}

/** The path as it is: fetch would tidy it. */
function statusOf(origin: string, path: string): Promise<number> {
  const { hostname, port } = new URL(origin);
  const headers = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers, method: 'POST', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once('error', reject)
      .end(JSON.stringify({ clientId: 'evil', redirectUris: ['http://127.0.0.1:1/'] }));
  });
}
