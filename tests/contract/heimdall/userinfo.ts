import { createTokenVerifier } from '@asgard/heimdall-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMetadata, registerClient } from '../../../packages/devstack/src/heimdall/oauth-client.ts';
import { signIn } from '../../../packages/devstack/src/heimdall/sign-in.ts';
import type { IssuerUnderTest, StartIssuer } from './token-issuer.ts';

const redirectUri = 'http://127.0.0.1:1/callback';

/** What an issuer says of a user beside the token (OpenID Connect Core section 5.3). */
export function userinfoContract(name: string, start: StartIssuer): void {
  describe(`${name}: userinfo`, () => {
    let heimdall: IssuerUnderTest;
    let clientId: string;
    beforeAll(async () => {
      heimdall = await start('http://localhost:7999/mcp');
      const { registration_endpoint } = await readMetadata(heimdall.issuer, fetch);
      clientId = await registerClient(registration_endpoint, redirectUri, fetch);
    });
    afterAll(() => heimdall?.close());

    function setup() {
      const asked: number[] = [];
      const verifier = createTokenVerifier({
        ...{ issuer: heimdall.issuer, audience: heimdall.resource, userinfo: {}, keepClaims: ['email'] },
        fetch: async (input, init) => {
          const response = await fetch(input, init);
          if (String(input).endsWith('/userinfo')) asked.push(response.status);
          return response;
        },
      });
      return { verifier, asked };
    }

    const signInFor = (scope: string) => {
      const { issuer, resource, users } = heimdall;
      const { username: user, password } = users[0] ?? { username: '', password: '' };
      return signIn({ issuer, resource, user, password, clientId, redirectUri, scope });
    };

    test('is asked once for each token, and not at all for one that is no good', async () => {
      const { accessToken } = await signInFor('openid mcp:tools');
      const { verifier, asked } = setup();
      const principals = await Promise.all([verifier.verify(accessToken), verifier.verify(accessToken)]);
      expect(principals[0]).toMatchObject({ username: heimdall.users[0]?.username, kind: 'user' });
      expect(principals[0]?.claims?.email).toContain('@');
      await expect(verifier.verify(`${accessToken.slice(0, -8)}AAAAAAAA`)).rejects.toMatchObject({ status: 401 });
      expect(asked).toEqual([200]);
    });

    test('a token without the scope "openid" is as good as before', async () => {
      const { accessToken } = await signInFor('mcp:tools');
      const { verifier, asked } = setup();
      expect(await verifier.verify(accessToken)).toMatchObject({ username: heimdall.users[0]?.username });
      expect(asked).toEqual([403]);
    });

    test('a token whose session has ended is refused', async () => {
      const { accessToken, refreshToken = '' } = await signInFor('openid mcp:tools');
      const { end_session_endpoint = '' } = await readMetadata(heimdall.issuer, fetch);
      const body = new URLSearchParams({ client_id: clientId, refresh_token: refreshToken });
      expect((await fetch(end_session_endpoint, { method: 'POST', body })).status).toBe(204);
      const { verifier, asked } = setup();
      await expect(verifier.verify(accessToken)).rejects.toMatchObject({ code: 'token_invalid' });
      expect(asked).toEqual([401]);
    });
  });
}
