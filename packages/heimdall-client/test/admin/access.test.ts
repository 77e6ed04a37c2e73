import { expect, test } from 'vitest';
import { createAdminAccess } from '../../src/admin/access.ts';
import { normalizeAdminOptions } from '../../src/admin/options.ts';
import { fakeKeycloak } from '../support/keycloak.ts';

function setup() {
  const keycloak = fakeKeycloak(() => new Response());
  return { ...keycloak, access: createAdminAccess(normalizeAdminOptions(keycloak.options)) };
}

test('signs in once for many, until shortly before the end', async () => {
  const { access, state, clock } = setup();
  expect(new Set(await Promise.all(Array.from({ length: 20 }, () => access.token())))).toEqual(new Set(['t1']));
  clock.pass(49);
  expect(await access.token()).toBe('t1');
  clock.pass(1);
  expect(await access.token()).toBe('t2');
  expect(state.signIns).toBe(2);
});

test('a dropped token is replaced, another one is not dropped with it', async () => {
  const { access } = setup();
  const token = await access.token();
  access.drop('other');
  expect(await access.token()).toBe(token);
  access.drop(token);
  expect(await access.token()).toBe('t2');
});

test.each([
  ['client_refused', () => Response.json({ error: 'unauthorized_client' }, { status: 401 })],
  ['unavailable', () => new Response('', { status: 503 })],
  ['unavailable', () => Response.json({})],
])('%s, and the next call tries again', async (code, answer) => {
  const { access, state } = setup();
  const { signIn } = state;
  state.signIn = answer;
  await expect(access.token()).rejects.toMatchObject({ code });
  state.signIn = signIn;
  expect(await access.token()).toBe('t2');
});
