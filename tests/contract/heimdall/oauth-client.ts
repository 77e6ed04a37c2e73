import {
  auth as authV2,
  extractWWWAuthenticateParams,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import { auth as authV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowser } from '../../../packages/devstack/src/heimdall/browser.ts';
import { clickThrough as walkThrough } from '../../../packages/devstack/src/heimdall/sign-in.ts';
import { type ProtectedResource, startProtectedResource } from './protected-resource.ts';
import type { IssuerUnderTest, StartIssuer } from './token-issuer.ts';

const callback = 'http://127.0.0.1:1/callback';

type Auth = (provider: MemoryProvider, options: Parameters<typeof authV2>[1]) => Promise<'AUTHORIZED' | 'REDIRECT'>;

/** What an MCP client keeps between the steps of a sign-in. */
class MemoryProvider implements OAuthClientProvider {
  client: StoredOAuthClientInformation | undefined;
  kept: StoredOAuthTokens | undefined;
  authorization: URL | undefined;
  #verifier = '';
  #discovery: OAuthDiscoveryState | undefined;
  readonly redirectUrl: string;
  registrations = 0;
  constructor(known?: { readonly clientId: string; readonly redirectUri: string }) {
    this.redirectUrl = known?.redirectUri ?? callback;
    if (known) this.client = { client_id: known.clientId };
  }
  get clientMetadata() {
    return {
      client_name: 'contract',
      redirect_uris: [this.redirectUrl],
      application_type: 'native' as const,
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    };
  }
  state() {
    return 'state-of-the-client';
  }
  clientInformation() {
    return this.client;
  }
  saveClientInformation(client: StoredOAuthClientInformation) {
    if (this.client?.client_id !== client.client_id) this.registrations += 1;
    this.client = client;
  }
  tokens() {
    return this.kept;
  }
  saveTokens(tokens: StoredOAuthTokens) {
    this.kept = tokens;
  }
  redirectToAuthorization(url: URL) {
    this.authorization = url;
  }
  saveCodeVerifier(verifier: string) {
    this.#verifier = verifier;
  }
  codeVerifier() {
    return this.#verifier;
  }
  discoveryState() {
    return this.#discovery;
  }
  saveDiscoveryState(state: OAuthDiscoveryState) {
    this.#discovery = state;
  }
}

/** A client of the SDK at a resource, step by step. */
function flowOf(auth: Auth, { resource, heimdall, provider }: Flow) {
  const common = { serverUrl: resource.url, ...(heimdall.fetch && { fetchFn: heimdall.fetch }) };
  return {
    call: (path = '') =>
      fetch(`${resource.url}${path}`, {
        headers: provider.kept ? { authorization: `Bearer ${provider.kept.access_token}` } : {},
      }),

    /** Does what the challenge of a refused request asks for. */
    async answer(challenge: Response, forceReauthorization = false) {
      const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(challenge);
      return auth(provider, {
        ...common,
        ...(resourceMetadataUrl && { resourceMetadataUrl }),
        ...(scope !== undefined && { scope }),
        ...(forceReauthorization && { forceReauthorization }),
      });
    },

    async clickThrough() {
      const { username: user, password } = heimdall.users[0] ?? { username: '', password: '' };
      const url = provider.authorization?.href ?? '';
      const visit = await walkThrough(createBrowser(provider.redirectUrl, fetch), url, { user, password });
      if (!('arrived' in visit)) throw new Error(`The login shows another page: ${visit.page.html}`);
      const { searchParams } = visit.arrived;
      expect(searchParams.get('state')).toBe('state-of-the-client');
      return auth(provider, {
        ...common,
        authorizationCode: searchParams.get('code') ?? '',
        iss: searchParams.get('iss') ?? '',
      });
    },

    refresh: () => auth(provider, common),
  };
}

interface Flow {
  readonly resource: ProtectedResource;
  readonly heimdall: IssuerUnderTest;
  readonly provider: MemoryProvider;
}

/** The OAuth flow of the MCP SDK's own clients, from the first 401 to more scope. */
export function oauthClientContract(name: string, start: StartIssuer): void {
  const clients: [string, Auth][] = [
    ['SDK v2', authV2],
    ['SDK v1', authV1 as Auth],
  ];

  describe.each(clients)(`${name} and the client of %s`, (_name, auth) => {
    let resource: ProtectedResource;
    let heimdall: IssuerUnderTest;
    let flow: ReturnType<typeof flowOf>;
    const provider = new MemoryProvider();

    beforeAll(async () => {
      resource = await startProtectedResource();
      heimdall = await start(resource.url);
      resource.trust(heimdall.issuer);
      flow = flowOf(auth, { resource, heimdall, provider });
    });
    afterAll(async () => {
      await heimdall?.close();
      await resource?.close();
    });

    test('finds the issuer from the refusal, registers, and sends the user there', async () => {
      const refused = await flow.call();
      expect(refused.status).toBe(401);
      expect(await flow.answer(refused)).toBe('REDIRECT');
      expect(provider.registrations).toBe(1);
      expect(provider.authorization?.href.startsWith(`${heimdall.issuer}/`)).toBe(true);
      expect(provider.authorization?.searchParams.get('resource')).toBe(resource.url);
    });

    test('gets a token that the resource accepts', async () => {
      expect(await flow.clickThrough()).toBe('AUTHORIZED');
      const accepted = await flow.call();
      expect(accepted.status).toBe(200);
      expect(await accepted.json()).toMatchObject({
        username: heimdall.users[0]?.username,
        organizations: [heimdall.users[0]?.organization],
        scopes: expect.arrayContaining(['mcp:tools']),
      });
    });

    test('refreshes without the user', async () => {
      const before = provider.kept?.access_token;
      expect(await flow.refresh()).toBe('AUTHORIZED');
      expect(provider.kept?.access_token).not.toBe(before);
      expect((await flow.call()).status).toBe(200);
    });

    test('comes back with more scope when it is asked for it, without registering again', async () => {
      const refused = await flow.call('?write');
      expect(refused.status).toBe(403);
      // What the transports of both clients do on 403: forget that there is a refresh token and authorize again.
      const { refresh_token: _, ...kept } = provider.kept ?? { access_token: '', token_type: 'Bearer' };
      provider.kept = kept;
      expect(await flow.answer(refused, true)).toBe('REDIRECT');
      expect(await flow.clickThrough()).toBe('AUTHORIZED');
      expect(provider.registrations).toBe(1);
      expect((await flow.call('?write')).status).toBe(200);
    });

    test('as a client that the issuer knows beforehand, it does not register', async ({ skip }) => {
      const known = heimdall.client;
      if (known === undefined) return skip('the issuer knows no client beforehand');
      const other = new MemoryProvider(known);
      const again = flowOf(auth, { resource, heimdall, provider: other });
      expect(await again.answer(await again.call())).toBe('REDIRECT');
      expect(await again.clickThrough()).toBe('AUTHORIZED');
      expect(other.registrations).toBe(0);
      expect(other.client?.client_id).toBe(known.clientId);
      expect((await again.call()).status).toBe(200);
    });
  });
}
