import { expect, test } from 'vitest';
import { claimsOf, createUserDirectory, defaultUsers, type HeimdallUser, subjectOf } from '../../src/heimdall/users.ts';

const freya: HeimdallUser = { username: 'freya', password: 'f', organization: 'valhalla', roles: ['seer'] };
const baldur: HeimdallUser = {
  username: 'baldur',
  password: 'b',
  organization: 'valhalla',
  otherOrganizations: ['hel'],
};

test('there is a user in each of two organizations, and one in both', () => {
  const organizationsOf = (user: HeimdallUser) => Object.keys(claimsOf(user).organization as object);
  expect(defaultUsers.map((user) => [user.username, ...organizationsOf(user)])).toEqual([
    ['freya', 'valhalla'],
    ['loki', 'jotunheim'],
    ['baldur', 'valhalla', 'jotunheim'],
  ]);
});

test('client roles are where Keycloak puts them', () => {
  expect(claimsOf({ ...freya, clientRoles: { odin: ['scribe'] } })).toMatchObject({
    resource_access: { odin: { roles: ['scribe'] } },
  });
  expect(claimsOf(freya)).not.toHaveProperty('resource_access');
});

test('finds a user by name and password, and by subject', () => {
  const directory = createUserDirectory([freya, baldur]);
  expect(directory.byLogin('freya', 'f')).toBe(freya);
  expect(directory.byLogin('freya', 'b')).toBeUndefined();
  expect(directory.byLogin('odin', 'f')).toBeUndefined();
  expect(directory.bySubject(subjectOf(baldur))).toBe(baldur);
  expect(directory.bySubject('baldur')).toBeUndefined();
});

test('subjects and organization ids are stable UUIDs', () => {
  expect(subjectOf(freya)).toBe('797b033d-07fd-883f-a407-d6d492c41aa9');
  expect(subjectOf(freya)).not.toBe(subjectOf(baldur));
  expect(claimsOf(freya)).toEqual(claimsOf({ ...freya }));
});

test('has the claims of Keycloak', () => {
  expect(claimsOf(baldur)).toEqual({
    preferred_username: 'baldur',
    realm_access: { roles: [] },
    organization: {
      valhalla: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      hel: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    },
  });
  expect(claimsOf(freya)).toMatchObject({ realm_access: { roles: ['seer'] } });
});

test.each([
  ['nobody', []],
  ['a name twice', [freya, { ...freya, password: 'x' }]],
  ['no name', [{ ...freya, username: '' }]],
  ['no password', [{ ...freya, password: '' }]],
  ['no organization', [{ ...freya, organization: '' }]],
])('refuses %s', (_name, users) => {
  expect(() => createUserDirectory(users)).toThrow(expect.objectContaining({ code: 'bad_option' }));
});
