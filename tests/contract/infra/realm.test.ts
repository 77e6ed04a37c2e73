import { describe, expect, test } from 'vitest';
import { realm, renderRealm } from '../../../packages/asgard/src/infra/keycloak/realm.ts';
import { mcpUrlOf } from '../../../packages/asgard/src/infra/settings.ts';
import { findKeycloak, startKeycloak } from '../../real/keycloak.ts';
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
    expect(config('max-clients')).toEqual({ 'max-clients': ['200'] });
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

describeWith('the real Keycloak', await findKeycloak(), ({ home }) => {
  test('loads it and then lets the right clients register', async () => {
    const keycloak = await startKeycloak(home);
    try {
      const issuer = await keycloak.createRealm(realm(exampleSettings({ scopes: ['mcp:tools'] })));
      const register = async (redirect: string, scope: string): Promise<number> => {
        const response = await fetch(`${issuer}/clients-registrations/openid-connect`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            client_name: 'a client',
            redirect_uris: [redirect],
            token_endpoint_auth_method: 'none',
            scope,
          }),
        });
        await response.body?.cancel();
        return response.status;
      };
      expect(await register('http://localhost:3334/callback', 'mcp:tools offline_access')).toBe(201);
      expect(await register('https://evil.example/callback', 'mcp:tools')).toBe(403);
      expect(await register('http://localhost:3334/callback', 'realm-admin')).toBe(403);
      const metadata = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as {
        scopes_supported: string[];
      };
      expect(metadata.scopes_supported).toEqual(expect.arrayContaining(['mcp:tools', 'organization']));
    } finally {
      await keycloak.close();
    }
  }, 300_000);
});
