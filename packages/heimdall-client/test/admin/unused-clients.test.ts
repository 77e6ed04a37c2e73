import { expect, test } from 'vitest';
import { removeUnused } from '../../src/admin/unused-clients.ts';
import { fakeKeycloak } from '../support/keycloak.ts';

const ids = ['0a', '1a', '2a', '3a'].map((start) => `${start}000000-0000-4000-8000-000000000000`);
const registered = (index: number) => ({
  ...{ id: `c${index}`, clientId: ids[index], consentRequired: true, protocol: 'openid-connect' },
});
const config = {
  eventsEnabled: true,
  eventsExpiration: 2_592_000,
  enabledEventTypes: ['LOGIN', 'CLIENT_REGISTER', 'CODE_TO_TOKEN'],
};

function setup(change: { clients?: object[]; config?: object } = {}) {
  const { clients = [0, 1, 2, 3].map(registered) } = change;
  const keycloak = fakeKeycloak(({ method, path }) => {
    const [name = '', query = ''] = path.split('?');
    const parameters = new URLSearchParams(query);
    if (method === 'DELETE') return new Response(null, { status: 204 });
    if (name === 'events/config') return Response.json({ ...config, ...change.config });
    if (name === 'client-session-stats') return Response.json([{ clientId: ids[1], active: '0', offline: '1' }]);
    if (name === 'events') return Response.json(parameters.get('client') === ids[2] ? [{ type: 'LOGIN' }] : []);
    const first = Number(parameters.get('first'));
    return Response.json(clients.slice(first, first + Number(parameters.get('max'))));
  });
  return {
    ...keycloak,
    remove: (idleDays?: number) =>
      removeUnused(keycloak.request, keycloak.clock.now, idleDays === undefined ? {} : { idleDays }),
  };
}

test('removes who has no session and no event of the last days', async () => {
  const { remove, sent, clock } = setup();
  expect(await remove()).toEqual([ids[0], ids[3]]);
  expect(sent.filter(({ method }) => method === 'DELETE').map(({ path }) => path)).toEqual([
    'clients/c0',
    'clients/c3',
  ]);
  const dateFrom = String(clock.now() - 30 * 86_400_000);
  const asked = sent
    .filter(({ path }) => path.startsWith('events?'))
    .map(({ path }) => new URLSearchParams(path.slice(7)));
  expect(asked.map((query) => [query.get('client'), query.get('dateFrom')])).toEqual(
    [0, 2, 3].map((index) => [ids[index], dateFrom]),
  );
});

test('leaves clients alone that an administrator has made', async () => {
  const clients = [
    { ...registered(0), clientId: 'console' },
    { ...registered(0), consentRequired: false },
    { ...registered(0), protocol: 'saml' },
  ];
  const { remove, sent } = setup({ clients });
  expect(await remove()).toEqual([]);
  expect(sent.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
});

test('finds all of them before the first is gone', async () => {
  const clients = Array.from({ length: 120 }, (_, index) => ({ ...registered(0), id: `c${index}` }));
  const { remove, sent } = setup({ clients });
  expect(await remove()).toHaveLength(120);
  const order = sent.map(({ method, path }) => (method === 'DELETE' ? 'DELETE' : path.split('?')[0]));
  expect(order.lastIndexOf('clients')).toBeLessThan(order.indexOf('DELETE'));
});

test.each<[string, object]>([
  ['no events', { eventsEnabled: false }],
  ['events of a week', { eventsExpiration: 604_800 }],
  ['no registrations', { enabledEventTypes: ['LOGIN', 'CODE_TO_TOKEN'] }],
])('removes nothing in a realm that keeps %s', async (_name, change) => {
  const { remove, sent } = setup({ config: change });
  await expect(remove()).rejects.toMatchObject({ code: 'admin_refused', message: /events/ });
  expect(sent).toHaveLength(1);
});

test('events may be kept for good, and of all types', async () => {
  const { remove } = setup({ config: { eventsExpiration: 0, enabledEventTypes: [] } });
  expect(await remove(365)).toHaveLength(2);
});

test('a wrong number of days is refused', async () => {
  await expect(setup().remove(0)).rejects.toThrow('"idleDays"');
});
