import { expect, test } from 'vitest';
import { parseOrganizations, parsePrincipal, parseScopes } from '../src/principal.ts';
import { accessClaims } from './support/issuer.ts';

const issuer = 'https://heimdall.example/realms/asgard';

/** As Keycloak 26 writes it, with ids shortened. */
const keycloakClaims = {
  exp: 1_800_000_300,
  iat: 1_800_000_000,
  jti: 'onrtac:9f1c',
  iss: issuer,
  aud: ['https://odin.example/mcp', 'account'],
  sub: '6e1c2b1e',
  typ: 'Bearer',
  azp: 'inspector',
  sid: '0f8f',
  acr: '1',
  realm_access: { roles: ['offline_access', 'uma_authorization'] },
  resource_access: { account: { roles: ['manage-account'] }, odin: { roles: ['smith', 'seer'] } },
  scope: 'profile mcp:tools email',
  organization: { valhalla: { id: '42c3' } },
  preferred_username: 'freya',
};

test('reads a Keycloak access token', () => {
  expect(parsePrincipal(keycloakClaims)).toEqual({
    subject: '6e1c2b1e',
    issuer,
    kind: 'user',
    clientId: 'inspector',
    sessionId: '0f8f',
    username: 'freya',
    scopes: ['profile', 'mcp:tools', 'email'],
    roles: {
      realm: ['offline_access', 'uma_authorization'],
      clients: { account: ['manage-account'], odin: ['smith', 'seer'] },
    },
    organizations: [{ alias: 'valhalla', id: '42c3' }],
    expiresAt: 1_800_000_300,
    issuedAt: 1_800_000_000,
  });
});

test('needs no optional claim', () => {
  expect(parsePrincipal({ sub: 's', iss: issuer, exp: 1 })).toEqual({
    subject: 's',
    issuer,
    kind: 'user',
    scopes: [],
    roles: { realm: [], clients: {} },
    organizations: [],
    expiresAt: 1,
  });
});

test('leaves out optional claims of a wrong type', () => {
  const principal = parsePrincipal({
    ...{ sub: 's', iss: issuer, exp: 1, iat: 'now', client_id: 7, azp: '', sid: {}, preferred_username: null },
    ...{ scope: 9, realm_access: { roles: 'admin' }, resource_access: ['odin'], organization: 3 },
  });
  expect(Object.keys(principal).sort()).toEqual(
    ['expiresAt', 'issuer', 'kind', 'organizations', 'roles', 'scopes', 'subject'].sort(),
  );
  expect(principal).toMatchObject({ scopes: [], roles: { realm: [], clients: {} }, organizations: [] });
});

test.each(['sub', 'iss', 'exp'])('refuses a token without %s', (claim) => {
  const { [claim]: _, ...claims } = { sub: 's', iss: issuer, exp: 1 } as Record<string, unknown>;
  expect(() => parsePrincipal(claims)).toThrow(expect.objectContaining({ code: 'token_invalid' }));
  expect(() => parsePrincipal({ ...claims, [claim]: '' })).toThrow(`"${claim}"`);
});

test.each([
  ['RFC 9068: sub is the client id', { sub: 'robot', client_id: 'robot' }, 'client'],
  ['Keycloak service account', { sub: '1', azp: 'Robot', preferred_username: 'service-account-robot' }, 'client'],
  [
    'a service account name with a login session',
    { sub: '1', azp: 'robot', sid: 's', preferred_username: 'service-account-robot' },
    'user',
  ],
  [
    'the service account of another client',
    { sub: '1', azp: 'app', preferred_username: 'service-account-robot' },
    'user',
  ],
  ['a user', { sub: '1', azp: 'app', preferred_username: 'freya' }, 'user'],
])('kind: %s', (_name, claims, kind) => {
  expect(parsePrincipal({ iss: issuer, exp: 1, ...claims }).kind).toBe(kind);
});

test('client_id wins over azp', () => {
  expect(parsePrincipal({ sub: 's', iss: issuer, exp: 1, client_id: 'a', azp: 'b' }).clientId).toBe('a');
  expect(parsePrincipal({ sub: 's', iss: issuer, exp: 1, azp: 'b' }).clientId).toBe('b');
});

test.each([
  [{ acme: {} }, [{ alias: 'acme' }]],
  [{ acme: { id: '1', attributes: { plan: ['gold'] } }, other: {} }, [{ alias: 'acme', id: '1' }, { alias: 'other' }]],
  [{ acme: null }, [{ alias: 'acme' }]],
  [
    ['acme', 'other', 'acme', 3],
    [{ alias: 'acme' }, { alias: 'other' }],
  ],
  ['acme', [{ alias: 'acme' }]],
  [[{ acme: { id: '1' } }], [{ alias: 'acme', id: '1' }]],
  [
    ['acme', { acme: { id: '1' }, other: {} }, { third: { id: '3' } }, 'third', [{ deep: {} }]],
    [{ alias: 'acme', id: '1' }, { alias: 'other' }, { alias: 'third', id: '3' }],
  ],
  ['', []],
  [['', null, 3, [], {}], []],
  [undefined, []],
  [null, []],
  [true, []],
])('organization claim %j', (claim, expected) => {
  expect(parseOrganizations(claim)).toEqual(expected);
});

test.each([
  ['a b  c a', ['a', 'b', 'c']],
  ['', []],
  [
    ['a', 'b', ''],
    ['a', 'b'],
  ],
  [undefined, []],
])('scope %j', (scope, expected) => {
  expect(parseScopes(scope)).toEqual(expected);
});

test('is frozen through and through', () => {
  const principal = parsePrincipal(keycloakClaims);
  const parts = [
    ...[principal, principal.scopes, principal.organizations, principal.organizations[0]],
    ...[principal.roles, principal.roles.realm, principal.roles.clients, principal.roles.clients.odin],
  ];
  expect(parts.map((part) => part !== undefined && Object.isFrozen(part))).not.toContain(false);
  expect(Object.isFrozen(keycloakClaims.realm_access.roles)).toBe(false);
});

test('a role table answers only for clients that are in it', () => {
  const named = JSON.parse('{"resource_access":{"__proto__":{"roles":["r"]}}}') as object;
  const { clients } = parsePrincipal({ sub: 's', iss: issuer, exp: 1, ...named }).roles;
  expect(clients.constructor).toBeUndefined();
  expect(Object.entries(clients)).toEqual([['__proto__', ['r']]]);
});

test.each<[string, unknown, readonly string[]]>([
  ['text, as Entra has it', 'Notes.Read Notes.Write', ['Notes.Read', 'Notes.Write']],
  ['a list, as Okta has it', ['notes:read'], ['notes:read']],
  ['something else', { a: 1 }, []],
])('scopes may be in "scp" as %s', (_name, scp, scopes) => {
  expect(parsePrincipal(accessClaims({ scope: undefined, scp })).scopes).toEqual(scopes);
});

test('claims of other names count when they are told, and only then', () => {
  const claims = accessClaims({ permissions: ['notes:write'], roles: ['king'], org: ['valhalla'] });
  expect(parsePrincipal(claims)).toMatchObject({ scopes: ['mcp:tools'], roles: { realm: [] }, organizations: [] });
  const names = { scopes: ['scope', 'permissions'], roles: ['roles'], organizations: 'org' };
  expect(parsePrincipal({ ...claims, realm_access: { roles: ['jarl'] } }, { names })).toMatchObject({
    ...{ scopes: ['mcp:tools', 'notes:write'], roles: { realm: ['jarl', 'king'] } },
    organizations: [{ alias: 'valhalla' }],
  });
});

test.each([
  ['Entra', { idtyp: 'app', azp: 'a' }],
  ['Auth0', { gty: 'client-credentials', sub: 'app@clients' }],
])("a program's own token of %s is a client's", (_name, claims) => {
  expect(parsePrincipal(accessClaims(claims)).kind).toBe('client');
});

test('tells who acts for the subject', () => {
  const act = { sub: 'service', iss: 'https://a.example', act: { sub: 'other', act: 'nonsense' } };
  expect(parsePrincipal(accessClaims({ act })).actor).toEqual({
    ...{ subject: 'service', issuer: 'https://a.example', actor: { subject: 'other' } },
  });
  for (const none of [{}, [], 'x', { sub: 7 }])
    expect(parsePrincipal(accessClaims({ act: none })).actor).toBeUndefined();
  let deep: object = { sub: 'last' };
  for (let n = 0; n < 1_000; n += 1) deep = { sub: `${n}`, act: deep };
  expect(parsePrincipal(accessClaims({ act: deep })).actor?.subject).toBe('999');
});

test('keeps the claims that are asked for, frozen and apart from the token', () => {
  const claims = accessClaims({ email: 'freya@asgard.example', address: { city: ['Folkvangr'] } });
  const { claims: kept = {} } = parsePrincipal(claims, { keep: ['email', 'address', 'absent', '__proto__'] });
  expect(Object.keys(kept)).toEqual(['email', 'address']);
  expect(Object.isFrozen((kept.address as { city: unknown }).city)).toBe(true);
  expect(Object.isFrozen((claims.address as { city: unknown }).city)).toBe(false);
  expect(parsePrincipal(claims).claims).toBeUndefined();
});
