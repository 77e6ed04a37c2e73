import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBackChannelLogout, createTokenVerifier, type LogoutHandler } from '@asgard/heimdall-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowser, type ScriptedBrowser } from '../../../packages/devstack/src/heimdall/browser.ts';
import { readMetadata, requestToken, type SignedIn } from '../../../packages/devstack/src/heimdall/oauth-client.ts';
import { signInWith } from '../../../packages/devstack/src/heimdall/sign-in.ts';
import { registerLogoutClient } from './logout-client.ts';
import type { IssuerUnderTest, StartIssuer } from './token-issuer.ts';

const callback = 'http://127.0.0.1:1/callback';

/** A server that an issuer can call, with a web handler that is set later. */
async function startReceiver() {
  let handler: LogoutHandler | undefined;
  const statuses: number[] = [];
  const tokens: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    tokens.push(new URLSearchParams(body).get('logout_token') ?? '');
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const answer = await handler?.(new Request('http://127.0.0.1/logout', { method: 'POST', headers, body }));
    statuses.push(answer?.status ?? 500);
    response.writeHead(answer?.status ?? 500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/logout`,
    statuses,
    tokens,
    use(chosen: LogoutHandler) {
      handler = chosen;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

/** Signing out at the issuer makes the tokens of that session void at the server, and of no other session. */
export function signOutContract(name: string, start: StartIssuer): void {
  describe(`${name}: sign-out`, () => {
    let heimdall: IssuerUnderTest;
    let receiver: Awaited<ReturnType<typeof startReceiver>>;

    beforeAll(async () => {
      receiver = await startReceiver();
      heimdall = await start('http://localhost:7999/mcp');
    });
    afterAll(async () => {
      await heimdall?.close();
      await receiver?.close();
    });

    const register = (): Promise<string> => {
      const client = { redirectUri: callback, logoutUri: receiver.url };
      return heimdall.admitLogout?.(client) ?? registerLogoutClient(heimdall.issuer, client);
    };

    function signIn(browser: ScriptedBrowser, clientId: string, index = 0): Promise<SignedIn> {
      const { issuer, resource, users } = heimdall;
      const { username: user, password } = users[index] ?? { username: '', password: '' };
      const common = { issuer, resource, user, password, clientId, redirectUri: callback };
      return signInWith(browser, { ...common, scope: 'openid mcp:tools' });
    }

    async function signOut(browser: ScriptedBrowser, clientId: string, idToken: string): Promise<void> {
      const { end_session_endpoint = '' } = await readMetadata(heimdall.issuer, fetch);
      const url = new URL(end_session_endpoint);
      url.search = String(new URLSearchParams({ client_id: clientId, id_token_hint: idToken }));
      const visit = await browser.open(url.href);
      if ('page' in visit && /<form/.test(visit.page.html)) await browser.submit(visit.page, { logout: 'yes' });
    }

    test('the server is told, forgets the user, and takes the same message only once', async () => {
      const clientId = await register();
      const verifier = createTokenVerifier({ issuer: heimdall.issuer, audience: heimdall.resource });
      const { issuer } = heimdall;
      const handler = createBackChannelLogout({ issuer, clients: clientId, revoke: verifier.revoke });
      receiver.use(handler);
      const [browser, other] = [createBrowser(callback, fetch), createBrowser(callback, fetch)];
      const token = await signIn(browser, clientId);
      const elsewhere = await signIn(other, clientId);
      const principal = await verifier.verify(token.accessToken);
      await verifier.verify(elsewhere.accessToken);

      await signOut(browser, clientId, token.idToken ?? '');

      expect(receiver.statuses).toEqual([200]);
      expect(verifier.isRevoked(principal)).toBe(true);
      expect(verifier.peek(token.accessToken)).toBeUndefined();
      await expect(verifier.verify(token.accessToken)).rejects.toMatchObject({ code: 'token_revoked' });
      expect(verifier.peek(elsewhere.accessToken)).toBeDefined();

      const body = new URLSearchParams({ logout_token: receiver.tokens[0] ?? '' });
      expect((await handler(new Request('http://127.0.0.1/', { method: 'POST', body }))).status).toBe(400);
      await expect(verifier.verify(receiver.tokens[0] ?? '')).rejects.toMatchObject({ status: 401 });
    });

    test('the refresh token of the session is void as well', async () => {
      const clientId = await register();
      receiver.use(async () => new Response(null, { status: 200 }));
      const browser = createBrowser(callback, fetch);
      const token = await signIn(browser, clientId, 1);
      await signOut(browser, clientId, token.idToken ?? '');
      const { token_endpoint } = await readMetadata(heimdall.issuer, fetch);
      const parameters = { grant_type: 'refresh_token', refresh_token: token.refreshToken ?? '', client_id: clientId };
      await expect(requestToken(token_endpoint, parameters, fetch)).rejects.toThrow(/invalid_grant/);
    });
  });
}
