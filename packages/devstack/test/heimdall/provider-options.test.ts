import { expect, test } from 'vitest';
import { isLoopbackOrigin, providerOptions } from '../../src/heimdall/provider-options.ts';
import { createResources } from '../../src/heimdall/resources.ts';
import { createUserDirectory, defaultUsers, subjectOf } from '../../src/heimdall/users.ts';

const options = providerOptions({
  ...{ mountPath: '/heimdall', key: { kty: 'RSA' }, tokenLifetimeSeconds: 300 },
  users: createUserDirectory(defaultUsers),
  resources: createResources(['http://localhost:7999/mcp'], { lifetimeSeconds: 300, format: 'jwt' }),
  InvalidTarget: Error as never,
  clientDocuments: false,
  callClient: fetch,
});

test.each([
  ['http://localhost:6274', true],
  ['http://[::1]:1', true],
  ['https://evil.example', false],
  ['null', false],
  ['', false],
])('origin %s is of this machine: %s', (origin, expected) => {
  expect(isLoopbackOrigin(origin)).toBe(expected);
});

test('a token of a user says who and of which session, one of a client only which client', async () => {
  const [freya] = defaultUsers;
  const accountId = freya && subjectOf(freya);
  const user = { kind: 'AccessToken', accountId, clientId: 'app', sessionUid: 's' };
  expect(await options.extraTokenClaims?.({} as never, user as never)).toMatchObject({
    ...{ azp: 'app', sid: 's', preferred_username: 'freya' },
  });
  const client = { kind: 'ClientCredentials', clientId: 'app' };
  expect(await options.extraTokenClaims?.({} as never, client as never)).toEqual({ azp: 'app' });
});

test('only users that exist have an account', async () => {
  const find = (subject: string) => options.findAccount?.({} as never, subject);
  expect(await find('nobody')).toBeUndefined();
  expect(await find(defaultUsers[0] ? subjectOf(defaultUsers[0]) : '')).toMatchObject({
    accountId: expect.any(String),
  });
});
