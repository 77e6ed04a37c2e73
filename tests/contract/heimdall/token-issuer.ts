import { createTokenVerifier, metadataUrls } from '@asgard/heimdall-client';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMetadata, requestToken } from '../../../packages/devstack/src/heimdall/oauth-client.ts';
import { signIn } from '../../../packages/devstack/src/heimdall/sign-in.ts';

/** An issuer that is running and will issue tokens for the resource it was started with. */
export interface IssuerUnderTest {
  readonly issuer: string;
  readonly resource: string;
  /** At least two, in different organizations. */
  readonly users: readonly { username: string; password: string; organization: string }[];
  /** Which of the three places of `metadataUrls` have the metadata. @default all */
  readonly metadataAt?: readonly number[];
  /** A client that may ask about tokens. @default one that registers itself */
  readonly server?: { readonly clientId: string; readonly secret: string };
  /** The gateway's client, which may ask as well. @default none */
  readonly gateway?: { readonly clientId: string; readonly secret: string };
  /** What the server's client can exchange tokens for, and as what an unknown audience is refused. */
  readonly exchange?: { readonly audience: string; readonly refusal: string };
  /** What is between clients and the issuer: a gateway. @default nothing */
  readonly fetch?: typeof fetch;
  /** A public client that nobody has to register. @default none */
  readonly client?: { readonly clientId: string; readonly redirectUri: string };
  /** Makes a public client whose sign-outs are told to that address, and answers with its id. @default it may register so itself */
  readonly admitLogout?: (client: { redirectUri: string; logoutUri: string }) => Promise<string>;
  close(): Promise<void>;
}

/** Starts an issuer that knows the given resource. */
export type StartIssuer = (resource: string) => Promise<IssuerUnderTest>;

const callback = 'http://127.0.0.1:1/callback';

/** What an MCP server and its clients need of an authorization server (MCP authorization, RFC 8414, 7591, 7636, 8707, 9068, 9207). */
export function tokenIssuerContract(name: string, start: StartIssuer): void {
  describe(name, () => {
    let heimdall: IssuerUnderTest;

    beforeAll(async () => {
      heimdall = await start('http://localhost:7999/mcp');
    });
    afterAll(() => heimdall?.close());

    const verifier = (options: { audience?: string; now?: () => number } = {}) =>
      createTokenVerifier({ issuer: heimdall.issuer, audience: heimdall.resource, ...options });

    const signInAs = (index: number, scope?: string) => {
      const user = heimdall.users[index];
      if (!user) throw new Error(`There is no user ${index}.`);
      const { issuer, resource } = heimdall;
      return signIn({ issuer, resource, user: user.username, password: user.password, ...(scope && { scope }) });
    };

    async function register(metadata: object = {}): Promise<{ status: number; client: Record<string, unknown> }> {
      const { registration_endpoint } = await readMetadata(heimdall.issuer, fetch);
      const response = await fetch(registration_endpoint ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ client_name: 'contract', redirect_uris: [callback], token_endpoint_auth_method: 'none' },
          ...{ grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
          ...metadata,
        }),
      });
      return { status: response.status, client: (await response.json()) as Record<string, unknown> };
    }

    async function authorize(parameters: Record<string, string>): Promise<Response> {
      const { authorization_endpoint } = await readMetadata(heimdall.issuer, fetch);
      const url = new URL(authorization_endpoint);
      const complete = {
        ...{ response_type: 'code', redirect_uri: callback, state: 's', resource: heimdall.resource },
        ...{ code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' },
        ...parameters,
      };
      for (const [key, value] of Object.entries(complete)) if (value !== '') url.searchParams.set(key, value);
      return fetch(url, { redirect: 'manual' });
    }

    describe('metadata', () => {
      test.for([0, 1, 2])('is the same at place %i', async (index, { skip }) => {
        if (heimdall.metadataAt?.includes(index) === false) return skip(`not served at place ${index}`);
        const url = metadataUrls(heimdall.issuer)[index];
        const response = await fetch(url ?? '');
        expect(response.status, url).toBe(200);
        expect(await response.json()).toMatchObject({
          issuer: heimdall.issuer,
          code_challenge_methods_supported: expect.arrayContaining(['S256']),
          authorization_response_iss_parameter_supported: true,
        });
      });

      test('names public URLs below the issuer only', async () => {
        const metadata = (await (await fetch(metadataUrls(heimdall.issuer)[0] ?? '')).json()) as Record<
          string,
          unknown
        >;
        const endpoints = Object.entries(metadata).filter(([key]) => /_endpoint$|^jwks_uri$/.test(key));
        expect(endpoints.map(([key]) => key)).toEqual(
          expect.arrayContaining(['authorization_endpoint', 'token_endpoint', 'registration_endpoint', 'jwks_uri']),
        );
        expect(endpoints.filter(([, url]) => !String(url).startsWith(`${heimdall.issuer}/`))).toEqual([]);
      });
    });

    describe('registration', () => {
      test('gives a public client an id and no secret', async () => {
        const { status, client } = await register({ application_type: 'native' });
        expect(status).toBe(201);
        expect(client).toMatchObject({ client_id: expect.any(String), redirect_uris: [callback] });
        expect(client.client_secret).toBeUndefined();
      });

      test('refuses a client that wants to be called back without encryption elsewhere', async () => {
        const { status } = await register({
          application_type: 'native',
          redirect_uris: ['http://evil.example/callback'],
        });
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      });
    });

    describe('authorization', () => {
      test.each<[string, Record<string, string>]>([
        ['without PKCE', { code_challenge: '', code_challenge_method: '' }],
        ['with PKCE in the clear', { code_challenge_method: 'plain' }],
      ])('is refused %s, and the refusal names the issuer', async (_name, parameters) => {
        const { client } = await register({ application_type: 'native' });
        const response = await authorize({ client_id: String(client.client_id), ...parameters });
        const location = new URL(response.headers.get('location') ?? '', callback);
        expect(location.origin + location.pathname).toBe(callback);
        expect(Object.fromEntries(location.searchParams)).toMatchObject({
          error: 'invalid_request',
          state: 's',
          iss: heimdall.issuer,
        });
      });

      test.each<[string, Record<string, string>]>([
        ['an unknown client', { client_id: 'nobody' }],
        ['a redirect elsewhere', { redirect_uri: 'http://127.0.0.1:1/other' }],
      ])('does not send the browser anywhere for %s', async (_name, parameters) => {
        const { client } = await register({ application_type: 'native' });
        const response = await authorize({ client_id: String(client.client_id), ...parameters });
        expect(response.status).toBe(400);
        expect(response.headers.get('location')).toBeNull();
      });

      test('a wrong password is refused', async () => {
        const { issuer, resource } = heimdall;
        const user = heimdall.users[0]?.username ?? '';
        await expect(signIn({ issuer, resource, user, password: 'wrong' })).rejects.toMatchObject({
          code: 'sign_in_failed',
        });
      });
    });

    describe('access token', () => {
      test('is a JWT that the verifier accepts, and tells who it is', async () => {
        const user = heimdall.users[0];
        const { accessToken, expiresIn } = await signInAs(0);
        const principal = await verifier().verify(accessToken);
        expect(principal).toMatchObject({
          ...{ issuer: heimdall.issuer, kind: 'user', username: user?.username },
          ...{ subject: expect.any(String), clientId: expect.any(String), sessionId: expect.any(String) },
        });
        expect(principal.organizations.map(({ alias }) => alias)).toEqual([user?.organization]);
        expect(principal.expiresAt - Date.now() / 1000).toBeLessThanOrEqual(expiresIn);
        expect(expiresIn).toBeGreaterThan(0);
      });

      test('has the scope that was asked for, and says as much of the user', async () => {
        const principal = await verifier().verify((await signInAs(0, 'mcp:tools')).accessToken);
        expect(principal.scopes).toContain('mcp:tools');
        expect(principal.organizations.map(({ alias }) => alias)).toEqual([heimdall.users[0]?.organization]);
      });

      test('two users are two subjects in two organizations', async () => {
        const tokens = await Promise.all([signInAs(0), signInAs(1)]);
        const [one, two] = await Promise.all(tokens.map(({ accessToken }) => verifier().verify(accessToken)));
        expect(one?.subject).not.toBe(two?.subject);
        expect(one?.organizations[0]?.alias).not.toBe(two?.organizations[0]?.alias);
      });

      test('is no good for another resource, after its time, or under another issuer', async () => {
        const { accessToken, expiresIn } = await signInAs(0);
        const later = () => Date.now() + (expiresIn + 60) * 1000;
        await expect(verifier({ audience: 'http://localhost:7999/other' }).verify(accessToken)).rejects.toMatchObject({
          code: 'audience_mismatch',
        });
        await expect(verifier({ now: later }).verify(accessToken)).rejects.toMatchObject({ code: 'token_expired' });
        const other = createTokenVerifier({ issuer: `${heimdall.issuer}2`, audience: heimdall.resource });
        await expect(other.verify(accessToken)).rejects.toMatchObject({ code: 'issuer_unknown' });
      });

      test('cannot be had for a resource that is not allowed', async () => {
        const { issuer, users } = heimdall;
        const { username, password } = users[0] ?? { username: '', password: '' };
        const resource = 'http://localhost:7999/other';
        const outcome = await signIn({ issuer, resource, user: username, password }).catch((error: Error) => error);
        // Refused, or issued without that audience (an issuer that does not know RFC 8707).
        if (!(outcome instanceof Error)) expect([decodeJwt(outcome.accessToken).aud].flat()).not.toContain(resource);
      });

      test('is for the right resource even when an old client names none', async () => {
        const { username: user, password } = heimdall.users[0] ?? { username: '', password: '' };
        const { accessToken } = await signIn({ issuer: heimdall.issuer, user, password });
        await expect(verifier().verify(accessToken)).resolves.toMatchObject({ username: user });
      });
    });

    describe('other tokens', () => {
      test('an ID token and a refresh token are not access tokens', async () => {
        const { refreshToken, idToken } = await signInAs(0, 'openid');
        for (const token of [refreshToken ?? '', idToken ?? '']) {
          expect(token).not.toBe('');
          await expect(verifier().verify(token)).rejects.toMatchObject({ status: 401 });
        }
      });

      test('a refresh token works once; the new token is as good as the old one', async () => {
        const { client } = await register({ application_type: 'native' });
        const { issuer, resource, users } = heimdall;
        const { username: user, password } = users[0] ?? { username: '', password: '' };
        const clientId = String(client.client_id);
        const first = await signIn({ issuer, resource, user, password, clientId, redirectUri: callback });
        const { token_endpoint } = await readMetadata(issuer, fetch);
        const refresh = (token: string | undefined) =>
          requestToken(
            token_endpoint,
            { grant_type: 'refresh_token', refresh_token: token ?? '', client_id: clientId, resource },
            fetch,
          );
        const second = await refresh(first.refreshToken);
        expect(second.accessToken).not.toBe(first.accessToken);
        expect(second.refreshToken).not.toBe(first.refreshToken);
        await expect(verifier().verify(second.accessToken)).resolves.toMatchObject({ username: user });
        await expect(refresh(first.refreshToken)).rejects.toThrow(/invalid_grant/);
      });
    });
  });
}
