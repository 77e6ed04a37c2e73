import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';

export const RESOURCE = 'http://localhost/mcp';

/** An issuer on this machine, with a key for RS256. */
export interface BenchIssuer {
  readonly url: string;
  readonly publicKey: CryptoKey;
  readonly publicPem: string;
  /** An access token as Keycloak's are: about a kilobyte. */
  token(subject: string): Promise<string>;
  close(): Promise<void>;
}

export async function startBenchIssuer(): Promise<BenchIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' };
  const server = createServer((request, response) => {
    const isKeys = request.url === '/jwks';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isKeys ? { keys: [jwk] } : { issuer: url, jwks_uri: `${url}/jwks` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ...{ url, publicKey, publicPem: await exportSPKI(publicKey) },
    token: (subject) => {
      const roles = ['offline_access', 'uma_authorization', 'default-roles-asgard'];
      const claims = { azp: 'inspector', sid: `sid-${subject}`, realm_access: { roles }, scope: 'openid mcp:tools' };
      const user = { preferred_username: subject, email: `${subject}@asgard.example`, organization: { valhalla: {} } };
      return new SignJWT({ ...claims, ...user })
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'k' })
        .setIssuer(url)
        .setAudience(RESOURCE)
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey);
    },
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}
