import { expect, test } from 'vitest';
import { createOrganizations } from '../../src/admin/organizations.ts';
import { fakeKeycloak, made, type Sent } from '../support/keycloak.ts';

const domains = [{ name: 'valhalla.example', verified: true }];
const valhalla = { id: 'o1', alias: 'valhalla', name: 'Valhalla', enabled: true, domains };

function setup(answer: (sent: Sent) => Response) {
  const keycloak = fakeKeycloak(answer);
  return { ...keycloak, organizations: createOrganizations(keycloak.request) };
}

test('makes one, and answers with what Keycloak has', async () => {
  const { organizations, sent } = setup(({ method }) => (method === 'POST' ? made('o1') : Response.json(valhalla)));
  expect(await organizations.create({ alias: 'valhalla', name: 'Valhalla', domains })).toEqual(valhalla);
  expect(sent.map(({ method, path, body }) => [method, path, body])).toEqual([
    ['POST', 'organizations', { alias: 'valhalla', name: 'Valhalla', domains, enabled: true }],
    ['GET', 'organizations/o1', undefined],
  ]);
  await expect(organizations.create({ alias: '' })).rejects.toMatchObject({ code: 'bad_option' });
});

test('finds by alias, in one request when the name is the same', async () => {
  const { organizations, sent } = setup(() => Response.json([{ ...valhalla, alias: 'other' }, valhalla]));
  expect(await organizations.find('valhalla')).toEqual(valhalla);
  expect(sent.map(({ path }) => path)).toEqual([
    'organizations?briefRepresentation=false&search=valhalla&exact=true&first=0&max=11',
  ]);
});

test('finds by alias in the pages, and nothing where there is nothing', async () => {
  const all = Array.from({ length: 150 }, (_, n) => ({ ...valhalla, id: `o${n}`, alias: `a${n}` }));
  const { organizations, sent } = setup(({ path }) => {
    const query = new URLSearchParams(path.split('?')[1]);
    const first = Number(query.get('first'));
    return Response.json(query.has('search') ? [] : all.slice(first, first + Number(query.get('max'))));
  });
  expect((await organizations.find('a120'))?.id).toBe('o120');
  expect(sent).toHaveLength(3);
  expect(await organizations.find('nobody')).toBeUndefined();
});

test('replaces the domains and keeps the rest', async () => {
  const { organizations, sent } = setup(({ method }) =>
    method === 'PUT' ? new Response(null, { status: 204 }) : Response.json({ ...valhalla, description: 'kept' }),
  );
  await organizations.setDomains('o1', []);
  expect(sent[1]).toMatchObject({
    method: 'PUT',
    path: 'organizations/o1',
    body: { description: 'kept', domains: [] },
  });
});

test('adds, lists and removes members', async () => {
  const { organizations, sent } = setup(({ method }) =>
    method === 'GET'
      ? Response.json([{ id: 'u1', username: 'freya', email: 'f@valhalla.example', secret: 'no' }])
      : new Response(null, { status: 204 }),
  );
  await organizations.addMember('o1', 'u1');
  expect(await organizations.listMembers('o1')).toEqual({
    items: [{ id: 'u1', username: 'freya', email: 'f@valhalla.example' }],
  });
  await organizations.removeMember('o1', 'u1');
  expect(sent.map(({ method, path, body }) => [method, path, body])).toEqual([
    ['POST', 'organizations/o1/members', 'u1'],
    ['GET', 'organizations/o1/members?first=0&max=101', undefined],
    ['DELETE', 'organizations/o1/members/u1', undefined],
  ]);
});
