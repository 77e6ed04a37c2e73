import { expect, test } from 'vitest';
import { createKeycloakAdmin } from '../../src/admin/keycloak.ts';
import { fakeKeycloak } from '../support/keycloak.ts';

test('asks nothing by itself, and signs in once for everything', async () => {
  const { options, sent, state } = fakeKeycloak(() => Response.json([]));
  const admin = createKeycloakAdmin(options);
  expect(state.signIns).toBe(0);
  await Promise.all([admin.clients.find('a'), admin.scopes.find('b'), admin.organizations.list()]);
  expect([state.signIns, sent.length]).toEqual([1, 3]);
});
