import { expect, test } from 'vitest';
import { createClients, type NewKeycloakClient } from '../../src/admin/clients.ts';
import { fakeKeycloak, made } from '../support/keycloak.ts';

const redirectUris = ['https://app.example/callback'];
const stored = { id: 'c1', clientId: 'app', enabled: true, redirectUris, secret: 'x', publicClient: false };

function setup(found: unknown = stored) {
  const keycloak = fakeKeycloak(({ method }) => (method === 'POST' ? made('c1') : Response.json(found)));
  return { ...keycloak, clients: createClients(keycloak.request, keycloak.clock.now) };
}

test('makes a client of the code flow with PKCE, and nothing else', async () => {
  const { clients, sent } = setup();
  const client = await clients.create({ clientId: 'app', type: 'confidential', redirectUris });
  expect(client).toEqual({ id: 'c1', clientId: 'app', secret: 'x', enabled: true, redirectUris });
  expect(sent[0]?.body).toMatchObject({
    ...{ clientId: 'app', publicClient: false, standardFlowEnabled: true, redirectUris, fullScopeAllowed: false },
    ...{ implicitFlowEnabled: false, directAccessGrantsEnabled: false, serviceAccountsEnabled: false },
    attributes: { 'pkce.code.challenge.method': 'S256' },
  });
});

test('nobody signs in by a client without redirects', async () => {
  const { clients, sent } = setup();
  await clients.create({ clientId: 'job', type: 'confidential', serviceAccount: true });
  expect(sent[0]?.body).toMatchObject({ standardFlowEnabled: false, serviceAccountsEnabled: true });
});

test('finds by the whole client id', async () => {
  const { clients, sent } = setup([
    { ...stored, clientId: 'app2' },
    { ...stored, publicClient: true },
  ]);
  expect(await clients.find('app')).toEqual({ id: 'c1', clientId: 'app', enabled: true, redirectUris });
  expect(sent[0]?.path).toBe('clients?clientId=app&max=2');
  expect(await clients.find('nobody')).toBeUndefined();
});

test.each<[string, Partial<NewKeycloakClient>]>([
  ['clientId', { clientId: '' }],
  ['type', { type: 'other' as 'public' }],
  ['redirectUris', { redirectUris: ['http://evil.example/callback'] }],
  ['redirectUris', { redirectUris: ['https://app.example/*'] }],
  ['serviceAccount', { type: 'public', serviceAccount: true }],
])('refuses a wrong %s before anything is asked', async (name, change) => {
  const { clients, sent } = setup();
  await expect(clients.create({ clientId: 'app', type: 'confidential', ...change })).rejects.toThrow(`"${name}"`);
  expect(sent).toHaveLength(0);
});
