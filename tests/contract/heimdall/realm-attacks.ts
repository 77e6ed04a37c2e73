import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTokenVerifier } from '@asgard/heimdall-client';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowser } from '../../../packages/devstack/src/heimdall/browser.ts';
import { clickThrough, signIn } from '../../../packages/devstack/src/heimdall/sign-in.ts';
import { ANSWER_CODES, type Registration, registrationsAt } from './registration-routes.ts';
import type { IssuerUnderTest, StartIssuer } from './token-issuer.ts';

const redirectUri = 'http://127.0.0.1:1/callback';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

/** What strangers try who may register a client, as everybody may, and what MCP clients must still be able to do. Only Keycloak has these routes. */
export function realmAttackContract(start: StartIssuer): void {
  describe('Keycloak: strangers who register a client', () => {
    let heimdall: IssuerUnderTest;
    let registrations: ReturnType<typeof registrationsAt>;
    let inner: { url(path: string): string; requests: string[]; close(): void };

    beforeAll(async () => {
      heimdall = await start('http://localhost:7999/mcp');
      registrations = registrationsAt(heimdall.issuer);
      inner = await startInnerServer();
    });
    afterAll(async () => {
      inner?.close();
      await heimdall?.close();
    });

    const client = { client_name: 'a client', redirect_uris: [redirectUri] };
    const signInAs = (index: number, more: object) => {
      const { username: user, password } = heimdall.users[index] ?? { username: '', password: '' };
      return signIn({ issuer: heimdall.issuer, user, password, redirectUri, ...more });
    };

    /** Asks an endpoint below the issuer as a client with a secret. */
    async function ask(path: string, { id, secret }: Registration, parameters: Record<string, string>) {
      const response = await fetch(`${heimdall.issuer}/protocol/openid-connect/${path}`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
        body: new URLSearchParams(parameters),
      });
      return { status: response.status, body: (await response.json()) as Record<string, string> };
    }

    describe('get no token without a user', () => {
      test.each<[string, Record<string, string>]>([
        ['client_credentials', { scope: 'mcp:tools' }],
        ['password', { username: 'freya', password: 'freya', scope: 'mcp:tools' }],
      ])('by %s', async (grant, parameters) => {
        const grants = ['authorization_code', 'client_credentials', 'password', EXCHANGE, DEVICE];
        const stranger = await registrations.oidc({ ...client, grant_types: grants });
        expect(stranger.status).toBe(201);
        const answer = await ask('token', stranger, { grant_type: grant, ...parameters });
        expect(answer).toMatchObject({
          status: 400,
          body: { error: expect.stringMatching(/invalid_request|unauthorized_client/) },
        });
        expect(answer.body.access_token).toBeUndefined();
      });

      test('with a token that was given to another client', async () => {
        const stranger = await registrations.oidc({ ...client, grant_types: ['authorization_code', EXCHANGE] });
        const { accessToken } = await signInAs(0, { scope: 'mcp:tools' });
        const parameters = {
          subject_token: accessToken,
          subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        };
        const answer = await ask('token', stranger, { grant_type: EXCHANGE, ...parameters });
        expect(answer).toMatchObject({ status: 400, body: { error_description: 'Request not allowed' } });
      });

      test('on another device than the one of the user', async () => {
        const stranger = await registrations.oidc({ ...client, grant_types: ['authorization_code', DEVICE] });
        const code_verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
        const challenge = {
          code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
          code_challenge_method: 'S256',
        };
        const { body } = await ask('auth/device', stranger, challenge);
        const { username: user, password } = heimdall.users[0] ?? { username: '', password: '' };
        // The user follows the link of the stranger, signs in and agrees.
        await clickThrough(createBrowser(redirectUri, fetch), body.verification_uri_complete ?? '', { user, password });
        const parameters = { grant_type: DEVICE, device_code: body.device_code ?? '', code_verifier };
        expect((await ask('token', stranger, parameters)).body.error_description).toBe('Request not allowed');
      });

      test('by the representation that Keycloak itself has of clients', async () => {
        const representation = {
          ...{ redirectUris: [redirectUri], publicClient: false, serviceAccountsEnabled: true, fullScopeAllowed: true },
          ...{ defaultRoles: ['service'], attributes: { service: 'true' } },
        };
        const stranger = await registrations.native({ clientId: 'robot', ...representation });
        const { body } = await ask('token', stranger, { grant_type: 'client_credentials' });
        expect(body.access_token).toBeUndefined();
        for (const scopes of ['defaultClientScopes', 'optionalClientScopes']) {
          const refused = await registrations.native({
            clientId: `robot-${scopes}`,
            ...representation,
            [scopes]: ['service'],
          });
          expect(ANSWER_CODES.refused).toContain(refused.status);
        }
        const refused = await registrations.oidc({ ...client, scope: 'service' });
        expect(ANSWER_CODES.refused).toContain(refused.status);
      });
    });

    describe('cannot say what tokens say of their users', () => {
      const mapper = {
        ...{ name: 'role', protocol: 'openid-connect', protocolMapper: 'oidc-usermodel-attribute-mapper' },
        config: { 'user.attribute': 'lastName', 'claim.name': 'organization', 'access.token.claim': 'true' },
      };
      const property = { ...mapper, protocolMapper: 'oidc-usermodel-property-mapper' };

      test.each([mapper, property])('with a mapper, when they register: %j', async (protocolMapper) => {
        const routes = await Promise.all([
          registrations.native({ clientId: 'mapped', redirectUris: [redirectUri], protocolMappers: [protocolMapper] }),
          registrations.oidc({ ...client, protocolMappers: [protocolMapper] }),
        ]);
        expect(routes.map(({ status }) => status).filter((status) => !ANSWER_CODES.refused.includes(status))).toEqual(
          [],
        );
      });

      test('with a mapper, afterwards', async () => {
        const clientId = 'mapped-later';
        const plain = { clientId, publicClient: true, redirectUris: [redirectUri] };
        const registered = await registrations.native(plain);
        const mappers = [[mapper], [{ ...mapper, id: '00000000-0000-4000-8000-000000000000' }]];
        for (const protocolMappers of mappers) {
          const { status } = await registrations.nativeUpdate(registered, { ...plain, protocolMappers });
          expect(ANSWER_CODES.refused).toContain(status);
        }
        const oidc = await registrations.oidc({ ...client, token_endpoint_auth_method: 'none' });
        const update = { ...client, client_id: oidc.id, protocolMappers: [mapper] };
        expect(ANSWER_CODES.refused).toContain((await registrations.oidcUpdate(oidc, update)).status);
        const { accessToken } = await signInAs(1, { clientId: oidc.id, scope: 'mcp:tools' });
        const verifier = createTokenVerifier({ issuer: heimdall.issuer, audience: heimdall.resource });
        const principal = await verifier.verify(accessToken);
        expect(principal.organizations.map(({ alias }) => alias)).toEqual([heimdall.users[1]?.organization]);
      });
    });

    describe('cannot make Keycloak ask servers of the inner networks', () => {
      const addresses = (url: (path: string) => string): readonly (readonly [string, object])[] => [
        ['jwks_uri', { jwks_uri: url('jwks') }],
        ['jwks_uri of a signed assertion', { jwks_uri: url('jwks'), token_endpoint_auth_method: 'private_key_jwt' }],
        ['backchannel_logout_uri', { backchannel_logout_uri: url('logout') }],
        ['request_uris', { request_uris: [url('request')] }],
        ['sector_identifier_uri', { subject_type: 'pairwise', sector_identifier_uri: url('sector') }],
        ['backchannel_client_notification_endpoint', { backchannel_client_notification_endpoint: url('ciba') }],
      ];

      test('by an address in the registration, now or afterwards', async () => {
        for (const [name, member] of addresses(inner.url)) {
          const registered = await registrations.oidc({ ...client, ...member });
          expect(ANSWER_CODES.refused, name).toContain(registered.status);
          if (registered.status === 201) await assertWith(registered);
          const plain = await registrations.oidc(client);
          const update = { ...client, client_id: plain.id, ...member };
          expect(ANSWER_CODES.refused, name).toContain((await registrations.oidcUpdate(plain, update)).status);
        }
        for (const attributes of [
          { 'jwks.url': inner.url('jwks'), 'use.jwks.url': 'true' },
          { 'backchannel.logout.url': inner.url('logout') },
        ]) {
          const native = await registrations.native({ clientId: 'inner', redirectUris: [redirectUri], attributes });
          expect(ANSWER_CODES.refused).toContain(native.status);
        }
        expect(inner.requests).toEqual([]);
      });

      test.each(['private_key_jwt', 'client_secret_jwt', 'tls_client_auth'])('by %s', async (method) => {
        const { publicKey } = await generateKeyPair('RS256');
        const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'own', alg: 'RS256', use: 'sig' }] };
        const registered = await registrations.oidc({ ...client, token_endpoint_auth_method: method, jwks });
        expect(ANSWER_CODES.refused).toContain(registered.status);
      });

      /** Makes Keycloak look for the keys of a client. */
      async function assertWith({ id }: Registration): Promise<void> {
        const { privateKey } = await generateKeyPair('RS256');
        const assertion = await new SignJWT({ jti: 'once' })
          .setProtectedHeader({ alg: 'RS256', kid: 'unknown' })
          .setIssuer(id)
          .setSubject(id)
          .setAudience(heimdall.issuer)
          .setIssuedAt()
          .setExpirationTime('1m')
          .sign(privateKey);
        const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
        await fetch(`${heimdall.issuer}/protocol/openid-connect/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'client_credentials',
            client_id: id,
            client_assertion_type,
            client_assertion: assertion,
          }),
        });
      }
    });

    describe('with a public https URL', () => {
      const statusesOf = async (headers: Record<string, string>) => {
        const { issuer } = await start('https://mcp.example.com/mcp');
        const paths = ['/.well-known/openid-configuration', '/protocol/openid-connect/certs'];
        return Promise.all(paths.map(async (path) => (await fetch(issuer + path, { headers })).status));
      };

      test('containers ask without TLS', async () => {
        expect(await statusesOf({})).toEqual([200, 200]);
      });

      test('whoever comes from outside needs it', async () => {
        const outside = { 'x-forwarded-for': '203.0.113.9' };
        expect(await statusesOf({ ...outside, 'x-forwarded-proto': 'http' })).toEqual([403, 403]);
      });
    });

    describe('are served when they are MCP clients', () => {
      test.each<[string, object]>([
        ['public', { token_endpoint_auth_method: 'none' }],
        ['with a scope', { token_endpoint_auth_method: 'none', scope: 'mcp:tools offline_access' }],
        ['that sign in on the console too', { token_endpoint_auth_method: 'none', client_uri: 'http://localhost/' }],
        ['with a secret', { token_endpoint_auth_method: 'client_secret_post' }],
        ['that say nothing of it', {}],
      ])('%s', async (_name, more) => {
        expect((await registrations.oidc({ ...client, ...more })).status).toBe(201);
      });

      test('and may push their authorization request', async () => {
        const registered = await registrations.oidc(client);
        const pushed = await ask('ext/par/request', registered, {
          ...{ response_type: 'code', redirect_uri: redirectUri, client_id: registered.id, scope: 'mcp:tools' },
          ...{ code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' },
        });
        expect(pushed.status).toBe(201);
      });
    });
  });
}

/** A server that nobody outside may reach; it remembers who did. */
async function startInnerServer() {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.end('[]');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    requests,
    url: (path: string) => `http://127.0.0.1:${port}/${path}`,
    close: () => server.close().closeAllConnections(),
  };
}
