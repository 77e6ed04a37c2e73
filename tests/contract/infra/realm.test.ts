import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { heimdallService } from '../../../packages/asgard/src/infra/compose/heimdall.ts';
import { realm, renderRealm } from '../../../packages/asgard/src/infra/keycloak/realm.ts';
import { type InfraSettings, issuerOf, mcpUrlOf } from '../../../packages/asgard/src/infra/settings.ts';
import { type Keycloak, startKeycloak } from '../../real/keycloak.ts';
import { findKeycloak, prepareKeycloak } from '../../real/keycloak-distribution.ts';
import { describeWith } from '../../real/requirement.ts';
import { exampleSettings, variants } from './settings.ts';

const REGISTRATION = 'org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy';

describe.each(variants)('realm.json: %s', (_, settings) => {
  const { clients, clientScopes, defaultDefaultClientScopes, defaultOptionalClientScopes, components, users } =
    realm(settings);
  const text = renderRealm(settings);

  test('has the clients that are known, each with no more than it needs', () => {
    const loopback = settings.publicUrl.startsWith('http://localhost');
    expect(clients.map(({ clientId }) => clientId)).toEqual(['odin', 'bifrost', ...(loopback ? ['inspector'] : [])]);
    for (const client of clients) {
      expect(client).toMatchObject({ directAccessGrantsEnabled: false, implicitFlowEnabled: false });
      expect([...client.redirectUris, ...client.webOrigins].filter((uri) => uri.includes('*'))).toEqual([]);
      if (client.publicClient) expect(client.attributes['pkce.code.challenge.method']).toBe('S256');
      else expect(client).toMatchObject({ standardFlowEnabled: false, redirectUris: [] });
    }
  });

  test('every client gets the audience, and every scope of the server carries it', () => {
    const carries = (name: string): boolean =>
      clientScopes
        .find((scope) => scope.name === name)
        ?.protocolMappers.some(({ config }) => config['included.custom.audience'] === mcpUrlOf(settings)) === true;
    expect(defaultDefaultClientScopes.some(carries)).toBe(true);
    for (const scope of settings.scopes) expect(carries(scope)).toBe(true);
  });

  test('names no scope that is not there', () => {
    const known = clientScopes.map(({ name }) => name);
    const named = [
      ...defaultDefaultClientScopes,
      ...defaultOptionalClientScopes,
      ...clients.flatMap((client) => [...client.defaultClientScopes, ...client.optionalClientScopes]),
    ];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  test('lets only MCP clients register, which come back to the own machine', () => {
    const anonymous = (components[REGISTRATION] ?? []).filter(({ subType }) => subType === 'anonymous');
    const config = (providerId: string) => anonymous.find((policy) => policy.providerId === providerId)?.config;
    expect(config('trusted-hosts')).toMatchObject({
      'trusted-hosts': ['localhost', '127.0.0.1'],
      'client-uris-must-match': ['true'],
    });
    expect(config('max-clients')).toEqual({ 'max-clients': ['10000'] });
    expect(config('allowed-protocol-mappers')).toEqual({});
    expect(config('allowed-client-templates')?.['allowed-client-scopes']).toEqual(
      expect.arrayContaining([...settings.scopes]),
    );
    expect(anonymous.map(({ providerId }) => providerId)).toEqual(
      expect.arrayContaining(['scope', 'consent-required', 'allowed-protocol-mappers', 'registration-web-origins']),
    );
  });

  test('holds no secret, only names of variables', () => {
    for (const [, value] of text.matchAll(/"(?:secret|value)": "([^"]*)"/g))
      expect(value).toMatch(/^\$\{ASGARD_[A-Z_]+\}$/);
    expect(users === undefined).toBe(!settings.demoUsers);
    expect(text).not.toContain('"registrationAllowed": true');
  });
});

const REALM = '/realms/asgard';

/** The container's environment without what comes from the env file; Keycloak keeps its data in memory. */
function environmentOf(settings: InfraSettings): Record<string, string> {
  const { environment = {} } = heimdallService(settings);
  const own = Object.entries(environment).filter(([name]) => !/^(KC_DB|KC_BOOTSTRAP|KC_CACHE|JAVA_OPTS)/.test(name));
  return Object.fromEntries(own.filter(([, value]) => !value.startsWith('$')));
}

describeWith(
  'the real Keycloak, started as the container is, with a public https URL',
  await findKeycloak(),
  ({ home }) => {
    const secret = randomBytes(32).toString('base64url');
    const settings = exampleSettings({ publicUrl: 'https://mcp.example.com', scopes: ['mcp:tools'] });
    let keycloak: Keycloak;
    let base: string;

    beforeAll(async () => {
      const environment = environmentOf(settings);
      const prepared = await prepareKeycloak(home, environment);
      keycloak = await startKeycloak(prepared, {
        environment: { ...environment, ASGARD_ODIN_SECRET: secret, ASGARD_BIFROST_SECRET: secret },
        realmFile: renderRealm(settings),
      });
      base = keycloak.address + REALM;
    }, 480_000);
    afterAll(() => keycloak?.close());

    async function register(redirect: string, metadata: object = {}) {
      const response = await fetch(`${base}/clients-registrations/openid-connect`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ client_name: 'a client', redirect_uris: [redirect], ...metadata }),
      });
      return { status: response.status, client: (await response.json()) as Record<string, string> };
    }

    test('containers get metadata, keys and answers about tokens without TLS', async () => {
      const response = await fetch(`${base}/.well-known/openid-configuration`);
      expect(response.status).toBe(200);
      const metadata = (await response.json()) as Record<string, string | string[]>;
      expect(metadata.issuer).toBe(issuerOf(settings));
      expect(metadata.jwks_uri).toBe(`${base}/protocol/openid-connect/certs`);
      expect(metadata.scopes_supported).toEqual(expect.arrayContaining(['mcp:tools', 'organization']));
      expect((await fetch(String(metadata.jwks_uri))).status).toBe(200);
      const introspect = await fetch(`${base}/protocol/openid-connect/token/introspect`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`odin:${secret}`)}` },
        body: new URLSearchParams({ token: 'unknown' }),
      });
      expect([introspect.status, await introspect.json()]).toEqual([200, { active: false }]);
    });

    test('takes the secrets of clients from its environment', async () => {
      for (const [wrong, status] of [
        [secret, 400],
        [`${secret}x`, 401],
      ] as const) {
        const response = await fetch(`${base}/protocol/openid-connect/token`, {
          method: 'POST',
          headers: { authorization: `Basic ${btoa(`odin:${wrong}`)}` },
          body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'unknown' }),
        });
        expect(response.status).toBe(status);
      }
    });

    test('lets MCP clients of the own machine register, with scopes that are there', async () => {
      const own = 'http://localhost:3334/callback';
      expect((await register(own, { scope: 'mcp:tools offline_access' })).status).toBe(201);
      expect((await register('https://evil.example/callback', { scope: 'mcp:tools' })).status).toBe(403);
      expect((await register(own, { scope: 'realm-admin' })).status).toBe(403);
    });

    test('registers by OpenID Connect only', async () => {
      for (const provider of ['default', 'install/odin', 'saml2-entity-descriptor']) {
        const response = await fetch(`${base}/clients-registrations/${provider}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ clientId: 'a-client', redirectUris: ['http://localhost:3334/callback'] }),
        });
        expect([provider, response.status]).toEqual([provider, 404]);
      }
    });

    test('signs nobody in whom no administrator has made', async () => {
      const { client } = await register('http://localhost:3334/callback', { grant_types: ['client_credentials'] });
      const response = await fetch(`${base}/protocol/openid-connect/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'mcp:tools' }),
      });
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { error_description: 'Request not allowed' },
      ]);
    });
  },
);
