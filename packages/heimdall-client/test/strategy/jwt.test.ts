import { createHmac } from 'node:crypto';
import { base64url, exportSPKI, importJWK, type CryptoKey as JoseKey } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { parseCompact } from '../../src/compact.ts';
import { createKeySource } from '../../src/issuer/keys.ts';
import type { SignatureAlgorithm } from '../../src/signature-algorithm.ts';
import { createJwtStrategy } from '../../src/strategy/jwt.ts';
import { accessClaims, audience, createClock, createKey, issuer, type SigningKey, start } from '../support/issuer.ts';

let key: SigningKey;
let stranger: SigningKey;

beforeAll(async () => {
  [key, stranger] = await Promise.all([createKey('one'), createKey('one')]);
});

function setup(keys: SigningKey[] = [key]) {
  const clock = createClock();
  let loads = 0;
  const source = createKeySource(async () => {
    loads += 1;
    return { keys: keys.map(({ jwk }) => jwk) } as never;
  }, clock.now);
  const algorithms: SignatureAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];
  const rules = { issuer, audience: new Set([audience]), clockToleranceSeconds: 5 };
  const strategy = createJwtStrategy({ rules, algorithms, keys: source, now: clock.now, maxTtlMs: 60_000 });
  const run = async (token: string) => {
    strategy.inspect(parseCompact(token));
    return strategy.verify(token);
  };
  return { run, strategy, clock, loads: () => loads };
}

test.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('accepts %s and answers with the claims', async (alg) => {
  const signer = await createKey('k', alg);
  const { run } = setup([signer]);
  expect(await run(await signer.sign(accessClaims()))).toEqual(accessClaims());
});

const encode = (value: object) => base64url.encode(JSON.stringify(value));
const unsigned = (header: object, claims: object) => `${encode(header)}.${encode(claims)}`;

/** Refused by looking alone: no key is fetched. */
test.each<[string, () => string | Promise<string>, string]>([
  ['an opaque token', () => 'cc8a7f', 'token_malformed'],
  ['alg none with a signature part', () => `${unsigned({ alg: 'none' }, accessClaims())}.AA`, 'token_invalid'],
  ['alg None', () => `${unsigned({ alg: 'None' }, accessClaims())}.AA`, 'token_invalid'],
  ['no alg', () => `${unsigned({}, accessClaims())}.AA`, 'token_invalid'],
  ['a list of algs', () => `${unsigned({ alg: ['ES256'] }, accessClaims())}.AA`, 'token_invalid'],
  ['an algorithm off the list', async () => (await createKey('k', 'ES384')).sign(accessClaims()), 'token_invalid'],
  ['another issuer', () => stranger.sign(accessClaims({ iss: 'https://evil.example' })), 'issuer_unknown'],
  ['an expired token', () => key.sign(accessClaims({ exp: start - 60 })), 'token_expired'],
  ['an ID token', () => key.sign(accessClaims({ typ: 'ID' }), { typ: 'JWT' }), 'token_invalid'],
  ['a logout token', () => key.sign(accessClaims(), { typ: 'logout+jwt' }), 'token_invalid'],
])('%s costs no key', async (_name, make, code) => {
  const { run, loads } = setup();
  const token = await make();
  await expect(run(token)).rejects.toMatchObject({ code, status: 401 });
  expect(loads()).toBe(0);
});

test.each<[string, () => string | Promise<string>, string]>([
  ['a signature of another key with the same id', () => stranger.sign(accessClaims()), 'token_invalid'],
  ['another audience', () => key.sign(accessClaims({ aud: 'https://odin.example/other' })), 'audience_mismatch'],
  ['a start in the future', () => key.sign(accessClaims({ nbf: start + 60 })), 'token_invalid'],
  ['an unknown key id', () => key.sign(accessClaims(), { kid: 'two' }), 'token_invalid'],
  ['a key id with a path', () => key.sign(accessClaims(), { kid: '../../one' }), 'token_invalid'],
])('refuses %s', async (_name, make, code) => {
  const { run } = setup();
  await expect(run(await make())).rejects.toMatchObject({ code, status: 401 });
});

test('refuses changed claims under a good signature', async () => {
  const [header, , signature] = (await key.sign(accessClaims())).split('.');
  const { run } = setup();
  await expect(run(`${header}.${encode(accessClaims({ sub: 'admin' }))}.${signature}`)).rejects.toMatchObject({
    code: 'token_invalid',
  });
});

test('refuses a critical header that it does not know', async () => {
  const token = `${unsigned({ alg: 'ES256', kid: 'one', crit: ['x'], x: 1 }, accessClaims())}.AA`;
  await expect(setup().run(token)).rejects.toMatchObject({ code: 'token_invalid' });
});

test('refuses HS256 made with the public key as the secret', async () => {
  const pem = await exportSPKI((await importJWK(key.jwk)) as JoseKey);
  const input = unsigned({ alg: 'HS256', kid: 'one', typ: 'at+jwt' }, accessClaims());
  const signature = createHmac('sha256', pem).update(input).digest('base64url');
  await expect(setup().run(`${input}.${signature}`)).rejects.toMatchObject({ code: 'token_invalid' });
});

test('looks at no key that the token brings or points to', async () => {
  const { run } = setup();
  const header = {
    jwk: stranger.jwk,
    jku: 'https://evil.example/certs',
    x5u: 'https://evil.example/cert',
    x5c: ['AA'],
  };
  await expect(run(await stranger.sign(accessClaims(), header))).rejects.toMatchObject({ code: 'token_invalid' });
  await expect(run(await key.sign(accessClaims(), header))).resolves.toBeDefined();
});

test('checks the claims again after the signature, with the clock of that moment', async () => {
  const { strategy, clock } = setup();
  const token = await key.sign(accessClaims({ exp: start + 10 }));
  strategy.inspect(parseCompact(token));
  clock.pass(20);
  await expect(strategy.verify(token)).rejects.toMatchObject({ code: 'token_expired' });
});

test('no message says anything that is in the token', async () => {
  const token = await stranger.sign(accessClaims({ sub: 'SECRET' }), { kid: 'SECRET' });
  const error = await setup()
    .run(token)
    .catch((thrown: Error) => thrown);
  expect(String((error as Error).message)).not.toContain('SECRET');
});
