import { createTokenVerifier, type IntrospectionOptions } from '@asgard/heimdall-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMetadata } from '../../../packages/devstack/src/heimdall/oauth-client.ts';
import { signIn } from '../../../packages/devstack/src/heimdall/sign-in.ts';
import type { IssuerUnderTest, StartIssuer } from './token-issuer.ts';

/** Asking the issuer about tokens (RFC 7662): those that only it can read, or all. */
export function introspectionContract(name: string, start: StartIssuer, tokens: 'opaque' | 'all'): void {
  describe(`${name}: introspection`, () => {
    let heimdall: IssuerUnderTest;
    let introspection: IntrospectionOptions;
    let token: Awaited<ReturnType<typeof signIn>>;

    beforeAll(async () => {
      heimdall = await start('http://localhost:7999/mcp');
      const server = heimdall.server ?? (await register());
      introspection = { tokens, client: { method: 'client_secret_basic', ...server } };
      const { issuer, resource, users } = heimdall;
      const { username: user, password } = users[0] ?? { username: '', password: '' };
      token = await signIn({ issuer, resource, user, password, scope: 'mcp:tools' });
    });
    afterAll(() => heimdall?.close());

    async function register(): Promise<{ clientId: string; secret: string }> {
      const { registration_endpoint = '' } = await readMetadata(heimdall.issuer, fetch);
      const response = await fetch(registration_endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }),
      });
      const { client_id: clientId = '', client_secret: secret = '' } = (await response.json()) as Record<
        string,
        string
      >;
      return { clientId, secret };
    }

    const verifier = (change: { introspection?: IntrospectionOptions; audience?: string } = {}) =>
      createTokenVerifier({ issuer: heimdall.issuer, audience: heimdall.resource, introspection, ...change });

    test('tells whose a token is, once for many', async () => {
      expect(token.accessToken.includes('.')).toBe(tokens === 'all');
      let requests = 0;
      const counting = createTokenVerifier({
        ...{ issuer: heimdall.issuer, audience: heimdall.resource, introspection },
        fetch: (...args) => {
          requests += 1;
          return fetch(...args);
        },
      });
      const principals = await Promise.all(Array.from({ length: 20 }, () => counting.verify(token.accessToken)));
      expect(principals[0]).toMatchObject({
        username: heimdall.users[0]?.username,
        scopes: expect.arrayContaining(['mcp:tools']),
        kind: 'user',
      });
      expect(principals[0]?.organizations[0]?.alias).toBe(heimdall.users[0]?.organization);
      expect(counting.peek(token.accessToken)).toBe(principals[0]);
      expect(requests).toBe(2);
    });

    test('tells it the gateway as well, where that has a client', async ({ skip }) => {
      const { gateway } = heimdall;
      if (gateway === undefined) return skip('the gateway has no client');
      const client = { method: 'client_secret_post', ...gateway } as const;
      const principal = await verifier({ introspection: { tokens, client } }).verify(token.accessToken);
      expect(principal.username).toBe(heimdall.users[0]?.username);
    });

    test('another audience, an unknown token and a refresh token are refused', async () => {
      const other = verifier({ audience: 'http://localhost:7999/other' });
      await expect(other.verify(token.accessToken)).rejects.toMatchObject({ code: 'audience_mismatch' });
      await expect(verifier().verify('unknown')).rejects.toMatchObject({ code: 'token_invalid' });
      await expect(verifier().verify(token.refreshToken ?? '')).rejects.toMatchObject({ status: 401 });
    });

    test('what the issuer cannot read is refused, and changes nothing for others', async () => {
      const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const header = base64url({ alg: 'RSA-OAEP', enc: 'A256GCM' });
      const claims = base64url({ iss: heimdall.issuer, sub: 'x', exp: 9_999_999_999 });
      const asking = verifier();
      for (const garbage of ['..', 'v2.public.AAAA', `${header}.a.b.c.d`, `${header}.a.b.c`, 'a.b.', `${claims}.`]) {
        for (const token of [garbage, `${garbage}A`]) {
          await expect(asking.verify(token), token).rejects.toMatchObject({ status: 401 });
        }
      }
      await expect(asking.verify(token.accessToken)).resolves.toMatchObject({ kind: 'user' });
    });

    test('wrong credentials of the server are the fault of the server: 503', async () => {
      const client = {
        method: 'client_secret_post',
        clientId: introspection.client.clientId,
        secret: 'wrong',
      } as const;
      const wrong = verifier({ introspection: { tokens, client } });
      await expect(wrong.verify(token.accessToken)).rejects.toMatchObject({ code: 'unavailable', status: 503 });
    });
  });
}
