import { expect, test } from 'vitest';
import { createScopes } from '../../src/admin/scopes.ts';
import { fakeKeycloak, made } from '../support/keycloak.ts';

const audience = 'https://api.example/mcp';

test('makes a scope that brings the audience, and finds it again', async () => {
  let stored: Record<string, unknown> = {};
  const { request } = fakeKeycloak(({ method, body }) => {
    if (method === 'GET') return Response.json([{ id: 's0', name: 'other' }, stored]);
    stored = { ...(body as object), id: 's1' };
    return made('s1');
  });
  const scopes = createScopes(request);
  const scope = { id: 's1', name: 'mcp:tools', audiences: [audience] };
  expect(await scopes.create({ name: 'mcp:tools', audience })).toEqual(scope);
  expect(await scopes.find('mcp:tools')).toEqual(scope);
  expect(await scopes.find('other')).toEqual({ id: 's0', name: 'other', audiences: [] });
  expect(await scopes.find('nobody')).toBeUndefined();
  expect(stored).toMatchObject({ attributes: { 'include.in.token.scope': 'true' } });
});

test('offers a scope to one client, or to all to come', async () => {
  const { request, sent } = fakeKeycloak(() => new Response(null, { status: 204 }));
  const scopes = createScopes(request);
  await scopes.offer('s1');
  await scopes.offer('s1', { as: 'default' });
  await scopes.offer('s1', { clientId: 'c1', as: 'default' });
  await scopes.offer('s1', { clientId: 'c1' });
  expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'PUT default-optional-client-scopes/s1',
    'PUT default-default-client-scopes/s1',
    'PUT clients/c1/default-client-scopes/s1',
    'PUT clients/c1/optional-client-scopes/s1',
  ]);
});

test.each([
  ['name', { name: 'two words', audience }],
  ['audience', { name: 'mcp:tools', audience: 'mcp' }],
])('refuses a wrong %s', async (name, scope) => {
  const { request, sent } = fakeKeycloak(() => made('s1'));
  await expect(createScopes(request).create(scope)).rejects.toThrow(`"${name}"`);
  expect(sent).toHaveLength(0);
});
