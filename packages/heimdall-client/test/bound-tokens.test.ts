import { expect, test } from 'vitest';
import { createTokenVerifier } from '../src/verifier.ts';
import { ath, createHolder, request } from './support/holder.ts';
import { accessClaims, audience, createClock, createIssuer, createKey, issuer } from './support/issuer.ts';

const key = await createKey('k');
const holder = await createHolder();
const bound = await key.sign(accessClaims({ cnf: { jkt: holder.thumbprint } }));
const plain = await key.sign(accessClaims());

function setup(options: object = { dpop: {} }) {
  const { now } = createClock();
  return createTokenVerifier({ issuer, audience, fetch: createIssuer(key).fetch, now, ...options });
}

const proven = async (token: string) => ({ ...request, proof: await holder.prove({ ath: ath(token) }) });

test('a bound token is good with a proof, for every request anew, and is never answered from memory alone', async () => {
  const verifier = setup();
  expect(await verifier.verify(bound, await proven(bound))).toMatchObject({ boundTo: holder.thumbprint });
  expect(verifier.peek(bound)).toBeUndefined();
  await expect(verifier.verify(bound)).rejects.toMatchObject({ code: 'token_invalid', status: 401 });
  const again = await proven(bound);
  await verifier.verify(bound, again);
  await expect(verifier.verify(bound, again)).rejects.toMatchObject({ code: 'proof_invalid' });
  expect(verifier.stats()).toMatchObject({ verified: 1 });
});

test('a token that is not bound needs no proof and may have none', async () => {
  const verifier = setup();
  await expect(verifier.verify(plain, await proven(plain))).rejects.toMatchObject({ code: 'token_invalid' });
  expect(verifier.peek(plain)).toBe(await verifier.verify(plain));
});

test('without the option bound tokens are refused, proof or not', async () => {
  const verifier = setup({});
  await expect(verifier.verify(bound)).rejects.toMatchObject({ code: 'token_invalid' });
  await expect(verifier.verify(bound, await proven(bound))).rejects.toMatchObject({ code: 'token_invalid' });
});

test.each([
  ['to a certificate', { 'x5t#S256': 'x' }],
  ['to two things', { jkt: holder.thumbprint, 'x5t#S256': 'x' }],
  ['to nothing', {}],
  ['to a key for something else', { jkt: holder.thumbprint, 'kc-jkt-type': 'other' }],
  ['to no text', { jkt: 1 }],
])('a token that is bound %s is refused', async (_name, cnf) => {
  const token = await key.sign(accessClaims({ cnf }));
  await expect(setup().verify(token, await proven(token))).rejects.toMatchObject({ code: 'token_invalid' });
});

test("Keycloak's bound tokens say so in their payload", async () => {
  const cnf = { jkt: holder.thumbprint, 'kc-jkt-type': 'DPoP' };
  const token = await key.sign(accessClaims({ typ: 'DPoP', cnf }), { typ: 'JWT' });
  await expect(setup().verify(token, await proven(token))).resolves.toBeDefined();
  const unbound = await key.sign(accessClaims({ typ: 'DPoP' }), { typ: 'JWT' });
  await expect(setup().verify(unbound)).rejects.toMatchObject({ code: 'token_invalid' });
});
