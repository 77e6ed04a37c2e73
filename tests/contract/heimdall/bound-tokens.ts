import { createHash, randomUUID } from 'node:crypto';
import { createTokenVerifier } from '@asgard/heimdall-client';
import { OdinServer } from '@asgard/odin';
import { type ListeningServer, listen } from '@asgard/odin/node';
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMetadata, registerClient, requestToken } from '../../../packages/devstack/src/heimdall/oauth-client.ts';
import { signIn } from '../../../packages/devstack/src/heimdall/sign-in.ts';
import { findFreePorts } from '../../real/ports.ts';
import { callTool } from '../attacks/messages.ts';
import { send } from '../attacks/wire.ts';
import type { IssuerUnderTest, StartIssuer } from './token-issuer.ts';

const callback = 'http://127.0.0.1:1/callback';

interface Holder {
  readonly thumbprint: string;
  prove(method: string, url: string, token?: string): Promise<string>;
  /** Proves every POST, as a client does at the token endpoint. */
  readonly fetch: typeof fetch;
}

async function createHolder(): Promise<Holder> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  const prove = (htm: string, htu: string, token?: string): Promise<string> => {
    const ath = token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') };
    return new SignJWT({ jti: randomUUID(), htm, htu, ...ath })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
      .setIssuedAt()
      .sign(privateKey);
  };
  return {
    prove,
    thumbprint: await calculateJwkThumbprint(jwk),
    fetch: async (input, init) => {
      if (init?.method !== 'POST') return fetch(input, init);
      const headers = new Headers(init.headers);
      headers.set('dpop', await prove('POST', String(input)));
      return fetch(input, { ...init, headers });
    },
  };
}

/** Tokens that are bound to a key (RFC 9449), from the issuer to the handler. */
export function boundTokenContract(name: string, start: StartIssuer): void {
  describe(`${name}: tokens that are bound to a key`, () => {
    let heimdall: IssuerUnderTest;
    let server: ListeningServer;
    let holder: Holder;
    let thief: Holder;
    let clientId: string;
    let signedIn: Awaited<ReturnType<typeof signIn>>;
    let tokenEndpoint: string;

    beforeAll(async () => {
      const [port = 0] = await findFreePorts(1);
      const resource = `http://localhost:${port}/mcp`;
      [heimdall, holder, thief] = await Promise.all([start(resource), createHolder(), createHolder()]);
      const { issuer, users } = heimdall;
      const metadata = await readMetadata(issuer, fetch);
      tokenEndpoint = metadata.token_endpoint;
      clientId = await registerClient(metadata.registration_endpoint, callback, fetch);
      const { username: user, password } = users[0] ?? { username: '', password: '' };
      const common = { issuer, resource, user, password, clientId, redirectUri: callback };
      signedIn = await signIn({ ...common, scope: 'openid mcp:tools', fetch: holder.fetch });
      const odin = new OdinServer({ name: 'bound', version: '1', url: resource, auth: { issuer, dpop: {} } });
      odin.tool({ name: 'whose' }, ({ principal }) => `${principal?.username} by ${principal?.boundTo}`);
      server = await listen(odin, { port });
    });
    afterAll(async () => {
      await server?.close({ deadlineMs: 500 });
      await heimdall?.close();
    });

    function call(scheme: string, proof?: string) {
      const { headers, body } = callTool('whose');
      const authorization = `${scheme} ${signedIn.accessToken}`;
      const { port } = server;
      return send(port, {
        headers: { ...headers, host: `localhost:${port}`, authorization, ...(proof !== undefined && { dpop: proof }) },
        body,
      });
    }

    test('the token names the key, and the metadata says that this can be had', async () => {
      expect(decodeJwt(signedIn.accessToken)).toMatchObject({ cnf: { jkt: holder.thumbprint } });
      const metadata = (await readMetadata(heimdall.issuer, fetch)) as unknown as Record<string, unknown>;
      expect(metadata.dpop_signing_alg_values_supported).toContain('ES256');
    });

    test('its holder is let in, each time with another proof', async () => {
      const proof = await holder.prove('POST', heimdall.resource, signedIn.accessToken);
      const seen = await call('DPoP', proof);
      expect([seen.status, seen.body]).toEqual([
        200,
        expect.stringContaining(`${heimdall.users[0]?.username} by ${holder.thumbprint}`),
      ]);
      const again = await call('DPoP', proof);
      expect([again.status, again.challenge]).toEqual([401, expect.stringContaining('invalid_dpop_proof')]);
      const next = await holder.prove('POST', heimdall.resource, signedIn.accessToken);
      expect((await call('DPoP', next)).status).toBe(200);
    });

    test('whoever has stolen it is not', async () => {
      const proofs = await Promise.all([
        thief.prove('POST', heimdall.resource, signedIn.accessToken),
        holder.prove('POST', tokenEndpoint, signedIn.accessToken),
        holder.prove('GET', heimdall.resource, signedIn.accessToken),
        holder.prove('POST', heimdall.resource),
      ]);
      for (const proof of proofs) expect((await call('DPoP', proof)).status).toBe(401);
      const downgraded = await call('Bearer');
      expect([downgraded.status, downgraded.challenge]).toEqual([
        401,
        expect.stringMatching(/^Bearer error="invalid_token".*DPoP algs="/),
      ]);
    });

    test('a verifier that knows nothing of keys refuses it', async () => {
      const verifier = createTokenVerifier({ issuer: heimdall.issuer, audience: heimdall.resource });
      await expect(verifier.verify(signedIn.accessToken)).rejects.toMatchObject({ code: 'token_invalid' });
    });

    test('the refresh token is bound as well', async () => {
      const form = { grant_type: 'refresh_token', refresh_token: signedIn.refreshToken ?? '', client_id: clientId };
      await expect(requestToken(tokenEndpoint, form, thief.fetch)).rejects.toThrow(/40[01]/);
      await expect(requestToken(tokenEndpoint, form, fetch)).rejects.toThrow(/40[01]/);
      const { accessToken } = await requestToken(tokenEndpoint, form, holder.fetch);
      expect(decodeJwt(accessToken)).toMatchObject({ cnf: { jkt: holder.thumbprint } });
    });
  });
}
