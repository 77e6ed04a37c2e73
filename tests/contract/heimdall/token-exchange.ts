import { type ClientAuthentication, createTokenExchange, createTokenVerifier } from '@asgard/heimdall-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMetadata } from '../../../packages/devstack/src/heimdall/oauth-client.ts';
import { signIn } from '../../../packages/devstack/src/heimdall/sign-in.ts';
import type { IssuerUnderTest, StartIssuer } from './token-issuer.ts';

/** A server gets a token for another service, as the user who called it (RFC 8693). */
export function tokenExchangeContract(name: string, start: StartIssuer): void {
  describe(`${name}: token exchange`, () => {
    let heimdall: IssuerUnderTest;
    let client: ClientAuthentication;
    let subjectToken: string;

    beforeAll(async () => {
      heimdall = await start('http://localhost:7999/mcp');
      client = { method: 'client_secret_basic', ...(heimdall.server ?? (await register())) };
      const { issuer, resource, users } = heimdall;
      const { username: user, password } = users[0] ?? { username: '', password: '' };
      subjectToken = (await signIn({ issuer, resource, user, password, scope: 'mcp:tools' })).accessToken;
    });
    afterAll(() => heimdall?.close());

    async function register(): Promise<{ clientId: string; secret: string }> {
      const { registration_endpoint = '' } = await readMetadata(heimdall.issuer, fetch);
      const grant = 'urn:ietf:params:oauth:grant-type:token-exchange';
      const response = await fetch(registration_endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ grant_types: [grant], response_types: [], redirect_uris: [] }),
      });
      const { client_id: clientId = '', client_secret: secret = '' } = (await response.json()) as Record<
        string,
        string
      >;
      return { clientId, secret };
    }

    const exchanger = () => createTokenExchange({ issuer: heimdall.issuer, client });
    const audience = () => heimdall.exchange?.audience ?? '';

    test('gives a token of the same user for the other service only', async () => {
      const { accessToken, expiresAt } = await exchanger().exchange({ subjectToken, audience: audience() });
      const { issuer, resource } = heimdall;
      const there = createTokenVerifier({ issuer, audience: audience() });
      const here = createTokenVerifier({ issuer, audience: resource });
      const [user, exchanged] = [await here.verify(subjectToken), await there.verify(accessToken)];
      expect(exchanged).toMatchObject({ subject: user.subject, username: user.username, clientId: client.clientId });
      expect(exchanged.sessionId).toBe(user.sessionId);
      expect(Math.abs((expiresAt ?? 0) - exchanged.expiresAt)).toBeLessThanOrEqual(2);
      await expect(here.verify(accessToken)).rejects.toMatchObject({ code: 'audience_mismatch' });
    });

    test('is asked once for many', async () => {
      const exchange = exchanger();
      const wanted = { subjectToken, audience: audience() };
      const tokens = await Promise.all(Array.from({ length: 20 }, () => exchange.exchange(wanted)));
      expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
      expect(exchange.stats()).toMatchObject({ requests: 1, joined: 19 });
    });

    test('an unknown audience is refused', async () => {
      const outcome = exchanger().exchange({ subjectToken, audience: 'nobody' });
      await expect(outcome).rejects.toMatchObject({ code: heimdall.exchange?.refusal });
    });

    test('more scope than the user gave is refused', async () => {
      const outcome = exchanger().exchange({ subjectToken, audience: audience(), scope: 'mcp:everything' });
      await expect(outcome).rejects.toMatchObject({ code: 'scope_refused' });
    });

    test('a token that is none is refused', async () => {
      const outcome = exchanger().exchange({ subjectToken: 'a.b.c', audience: audience() });
      await expect(outcome).rejects.toMatchObject({ status: 403 });
    });

    test('wrong credentials of the server are the fault of the server', async () => {
      const wrong = { method: 'client_secret_post', clientId: client.clientId, secret: 'wrong' } as const;
      const outcome = createTokenExchange({ issuer: heimdall.issuer, client: wrong });
      await expect(outcome.exchange({ subjectToken, audience: audience() })).rejects.toMatchObject({
        code: 'client_refused',
        status: 500,
      });
    });
  });
}
