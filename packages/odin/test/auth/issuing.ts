import { createHash } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** An issuer on loopback. */
export interface TestIssuer {
  readonly url: string;
  /** A token that is good at `audience` for five minutes, but for what is changed. */
  sign(audience: string, claims?: JWTPayload, typ?: string): Promise<string>;
  close(): Promise<void>;
}

/** What an issuer answers beside its metadata and keys. */
export interface TestIssuerOptions {
  /** @default 'RS256' */
  readonly alg?: string;
  /** Where the keys are; the metadata never names another place. @default '/keys' */
  readonly keysPath?: string;
  /** Answers every other request. @default 404 */
  readonly others?: RequestListener;
}

export async function startIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  const { alg = 'RS256', keysPath = '/keys', others = (_, response) => response.writeHead(404).end() } = options;
  const { publicKey, privateKey } = await generateKeyPair(alg);
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg }] });
  const server = createServer((request, response) => {
    if (request.url === '/.well-known/openid-configuration') {
      const jwks_uri = `${url}/keys`;
      response.end(JSON.stringify({ issuer: url, jwks_uri, introspection_endpoint: `${url}/introspect` }));
    } else if (request.url === keysPath) response.end(keys);
    else others(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    sign: (audience, claims = {}, typ = 'at+jwt') =>
      new SignJWT({ sub: 'freya', sid: 'sid-freya', ...claims })
        .setProtectedHeader({ alg, typ, kid: 'k' })
        .setIssuer(url)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey),
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

/** Somebody who has a key that tokens are bound to (RFC 9449). */
export async function createHolder(): Promise<{
  readonly cnf: { readonly jkt: string };
  /** The headers of one request for `url`. */
  prove(token: string, url: string): Promise<{ authorization: string; dpop: string }>;
}> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  return {
    cnf: { jkt: await calculateJwkThumbprint(jwk) },
    async prove(token, htu) {
      const ath = createHash('sha256').update(token).digest('base64url');
      const iat = Math.floor(Date.now() / 1000);
      const dpop = await new SignJWT({ jti: crypto.randomUUID(), htm: 'POST', htu, iat, ath })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
        .sign(privateKey);
      return { authorization: `DPoP ${token}`, dpop };
    },
  };
}
