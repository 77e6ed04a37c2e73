import { expect, test } from 'vitest';
import { createRemoteKeys } from '../../src/issuer/remote-keys.ts';
import { createClock, createKey, issuer } from '../support/issuer.ts';

const metadata = { urlOf: async (name: string) => `${issuer}/${name}` };

test.each([
  [undefined, `${issuer}/jwks_uri`],
  ['https://keys.example/certs', 'https://keys.example/certs'],
])('with jwksUri %s reads %s', async (jwksUri, expected) => {
  const key = await createKey('one');
  const asked: string[] = [];
  const read = async (url: string) => {
    asked.push(url);
    return { keys: [key.jwk] };
  };
  const keys = createRemoteKeys({ jwksUri, metadata, read, now: createClock().now });
  await expect(keys.find({ alg: 'ES256', kid: 'one' })).resolves.toMatchObject({ type: 'public' });
  expect(asked).toEqual([expected]);
});

test('an issuer without a key set is unavailable', async () => {
  const keys = createRemoteKeys({ jwksUri: undefined, metadata, read: async () => undefined, now: createClock().now });
  await expect(keys.find({ alg: 'ES256' })).rejects.toMatchObject({ code: 'unavailable' });
});
