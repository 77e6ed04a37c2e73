import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSigVerifier } from '../../src/index.ts';

const secret = 'a secret that is long enough for HS256';
const other = 'base64:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const now = (): number => 1_700_000_000_000;
const second = now() / 1_000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Claims {
  readonly iss?: string;
  readonly exp?: number | undefined;
}

function sign(key: CryptoKey | Uint8Array, alg: string, claims: Claims = {}): Promise<string> {
  const payload = { iss: 'asgard', exp: second + 3_600, ...claims };
  return new SignJWT(payload as JWTPayload).setProtectedHeader({ alg }).sign(key);
}

describe('Grip-Sig', () => {
  let rsa: CryptoKeyPair;
  let ec: CryptoKeyPair;

  beforeAll(async () => {
    rsa = await generateKeyPair('RS256', { extractable: true });
    ec = await generateKeyPair('ES256', { extractable: true });
  });

  it('is good with one of the keys, the issuer and an expiry in the future', async () => {
    const verifier = createSigVerifier({ keys: [other, secret], issuer: 'asgard', now });
    expect(await verifier.verify(await sign(bytes(secret), 'HS256'))).toBe(true);
    expect(await verifier.verify(await sign(bytes('0123456789abcdef0123456789abcdef'), 'HS256'))).toBe(true);
  });

  it('is good with public keys as PEM and JWK', async () => {
    const keys = [
      await exportSPKI(rsa.publicKey),
      JSON.stringify(await exportJWK(ec.publicKey)),
      `base64:${btoa(await exportSPKI(ec.publicKey))}`,
    ];
    const verifier = createSigVerifier({ keys, now });
    await verifier.ready();
    expect(await verifier.verify(await sign(rsa.privateKey, 'RS256'))).toBe(true);
    expect(await verifier.verify(await sign(ec.privateKey, 'ES256'))).toBe(true);
  });

  it.each([undefined, null, '', 'x', 'a.b.c', 'x'.repeat(5_000)])('is not %j', async (token) => {
    expect(await createSigVerifier({ keys: [secret], now }).verify(token)).toBe(false);
  });

  it('is refused when it is expired, has no expiry, a foreign issuer or a foreign key', async () => {
    const { verify } = createSigVerifier({ keys: [secret], issuer: 'asgard', now });
    expect(await verify(await sign(bytes(secret), 'HS256', { exp: second }))).toBe(false);
    expect(await verify(await sign(bytes(secret), 'HS256', { exp: undefined }))).toBe(false);
    expect(await verify(await sign(bytes(secret), 'HS256', { iss: 'pushpin' }))).toBe(false);
    expect(await verify(await sign(bytes(`${secret}!`), 'HS256'))).toBe(false);
  });

  it('cannot choose the algorithm: the public key is no HMAC secret, none is no algorithm', async () => {
    const pem = await exportSPKI(rsa.publicKey);
    const { verify } = createSigVerifier({ keys: [pem], now });
    expect(await verify(await sign(bytes(pem), 'HS256'))).toBe(false);
    expect(await verify(await sign(rsa.privateKey, 'RS512').catch(() => ''))).toBe(false);
    const part = (value: object): string => btoa(JSON.stringify(value)).replace(/=+$/, '');
    expect(await verify(`${part({ alg: 'none' })}.${part({ exp: second + 60 })}.`)).toBe(false);
    const long = createSigVerifier({ keys: [secret], now });
    expect(await long.verify(await sign(bytes(secret.repeat(2)), 'HS512'))).toBe(false);
  });

  it('is remembered, but not beyond its expiry', async () => {
    let time = now();
    const { verify } = createSigVerifier({ keys: [secret], now: () => time });
    const token = await sign(bytes(secret), 'HS256', { exp: second + 10 });
    expect([await verify(token), await verify(token)]).toEqual([true, true]);
    time += 10_000;
    expect(await verify(token)).toBe(false);
    for (let expiry = 11; expiry < 60; expiry++) {
      expect(await verify(await sign(bytes(secret), 'HS256', { exp: second + expiry }))).toBe(true);
    }
  });
});

describe('signature keys', () => {
  it.each([
    ['nothing', [], 'bad_option'],
    ['an empty text', [''], 'bad_option'],
    ['the default of Pushpin', ['changeme'], 'invalid_key'],
    ['broken base64', ['base64:%'], 'invalid_key'],
    ['a private PEM', ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----'], 'invalid_key'],
    [
      'a PEM of another algorithm',
      ['-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----'],
      'invalid_key',
    ],
    ['a JWK that is not JSON', ['{kty'], 'invalid_key'],
    ['a JWK of another type', ['{"kty":"OKP"}'], 'invalid_key'],
    ['a JWK with another algorithm', ['{"kty":"RSA","alg":"PS256"}'], 'invalid_key'],
    ['a private JWK', ['{"kty":"RSA","d":"x"}'], 'invalid_key'],
  ])('refuse %s', (_, keys, code) => {
    expect(() => createSigVerifier({ keys })).toThrow(expect.objectContaining({ code, field: 'keys' }));
  });

  it('that are damaged verify nothing, and ready() says so', async () => {
    const damaged = createSigVerifier({ keys: ['{"kty":"RSA","n":"AQAB"}', secret], now });
    expect(await damaged.verify(await sign(bytes(secret), 'HS256'))).toBe(true);
    expect(await damaged.verify(await sign(rsaLike, 'HS256'))).toBe(false);
    await expect(damaged.ready()).rejects.toMatchObject({ code: 'invalid_key' });
  });
});

const rsaLike = bytes('another secret that nobody has told the verifier');
