import { exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { createAuthenticate } from '../../src/issuer/client-authentication.ts';
import { issuer, start } from '../support/issuer.ts';

const options = { issuer, now: () => start * 1000 };
const form = () => new URLSearchParams({ token: 't' });

test('client_secret_basic encodes both parts before joining them (RFC 6749 section 2.3.1)', async () => {
  const client = { method: 'client_secret_basic', clientId: 'o:din', secret: 'ge heim+ü' } as const;
  const { body, headers } = await createAuthenticate(client, options)(form());
  expect(atob(headers?.authorization?.replace('Basic ', '') ?? '')).toBe('o%3Adin:ge+heim%2B%C3%BC');
  expect(String(body)).toBe('token=t');
});

test('client_secret_post adds to the form and leaves the original alone', async () => {
  const original = form();
  const client = { method: 'client_secret_post', clientId: 'odin', secret: 's' } as const;
  const { body, headers } = await createAuthenticate(client, options)(original);
  expect(Object.fromEntries(body)).toEqual({ token: 't', client_id: 'odin', client_secret: 's' });
  expect(headers).toBeUndefined();
  expect(String(original)).toBe('token=t');
});

test('private_key_jwt signs a fresh assertion for this issuer each time', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'ES256', kid: 'k1' };
  const authenticate = createAuthenticate({ method: 'private_key_jwt', clientId: 'odin', key }, options);
  const [one, two] = [await authenticate(form()), await authenticate(form())];
  expect(one.body.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  const read = (body: URLSearchParams) =>
    jwtVerify(body.get('client_assertion') ?? '', publicKey, { audience: issuer, currentDate: new Date(start * 1000) });
  const [first, second] = [await read(one.body), await read(two.body)];
  expect(first.protectedHeader).toEqual({ alg: 'ES256', kid: 'k1' });
  expect(first.payload).toMatchObject({ iss: 'odin', sub: 'odin', iat: start, exp: start + 60 });
  expect(first.payload.jti).not.toBe(second.payload.jti);
});
