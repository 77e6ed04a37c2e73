import { createHash, randomUUID } from 'node:crypto';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { RESOURCE } from './issuer.ts';

/** Somebody who has a key that tokens are bound to (RFC 9449). */
export interface Holder {
  readonly thumbprint: string;
  readonly jwk: JWK;
  readonly privateJwk: JWK;
  /** A proof that is good but for what is changed. A claim or header that is `undefined` is left out. */
  prove(token: string, claims?: object, header?: object, key?: CryptoKey | Uint8Array): Promise<string>;
}

export async function createHolder(): Promise<Holder> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  return {
    jwk,
    privateJwk: await exportJWK(privateKey),
    thumbprint: await calculateJwkThumbprint(jwk),
    prove: (token, claims = {}, header = {}, key = privateKey) => {
      const ath = createHash('sha256').update(token).digest('base64url');
      const common = { jti: randomUUID(), htm: 'POST', htu: RESOURCE, iat: Math.floor(Date.now() / 1000), ath };
      const payload = JSON.parse(JSON.stringify({ ...common, ...claims }));
      const protectedHeader = JSON.parse(JSON.stringify({ typ: 'dpop+jwt', alg: 'ES256', jwk, ...header }));
      return new SignJWT(payload).setProtectedHeader(protectedHeader).sign(key, { crit: { x: true } });
    },
  };
}
