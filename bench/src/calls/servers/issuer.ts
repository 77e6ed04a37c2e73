import { createTokenVerifier } from '@asgard/heimdall-client';
import type { OdinServerOptions } from '@asgard/odin';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** An issuer within the process, so that only the check of tokens is measured, as users have it. */
export async function createIssuer(): Promise<{
  readonly options: Partial<OdinServerOptions>;
  readonly token: string;
}> {
  const issuer = 'https://issuer.example';
  const url = 'http://localhost:7999/mcp';
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' };
  const answer = async (address: string | URL | Request): Promise<Response> =>
    String(address).includes('.well-known')
      ? Response.json({ issuer, jwks_uri: `${issuer}/keys` })
      : Response.json({ keys: [jwk] });
  const token = await new SignJWT({ scope: 'notes' })
    .setProtectedHeader({ alg: 'ES256', kid: 'bench', typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(url)
    .setSubject('freya')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
  const verifier = createTokenVerifier({ issuer, audience: url, fetch: answer });
  return { options: { url, auth: { issuer, verifier } }, token };
}
