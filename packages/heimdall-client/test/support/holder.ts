import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { start } from './issuer.ts';

/** Somebody who holds a key that tokens are bound to. */
export interface Holder {
  readonly thumbprint: string;
  readonly jwk: JWK;
  readonly privateJwk: JWK;
  prove(claims: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
}

export const request = { method: 'POST', url: 'https://odin.example/mcp' };

export const ath = (token: string): string => createHash('sha256').update(token).digest('base64url');

export async function createHolder(alg = 'ES256'): Promise<Holder> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  return {
    jwk,
    privateJwk: await exportJWK(privateKey),
    thumbprint: await calculateJwkThumbprint(jwk),
    prove: (claims, header = {}) =>
      new SignJWT({ jti: crypto.randomUUID(), htm: request.method, htu: request.url, iat: start, ...claims })
        .setProtectedHeader({ typ: 'dpop+jwt', alg, jwk, ...header })
        .sign(privateKey),
  };
}
