import { randomBytes } from 'node:crypto';
import {
  auth,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import { AsgardError } from '../errors.ts';
import { formatScopes, splitScope } from '../scope.ts';
import type { CredentialStore, Grant } from './credential-store.ts';
import { startRedirectListener } from './redirect-listener.ts';

export interface BrowserSignInOptions {
  /** The MCP endpoint. */
  readonly url: string;
  /** What the token must be good for. None: what the server asks for. */
  readonly scopes: readonly string[];
  readonly store: CredentialStore;
  /** Shows a page to the user. Undefined: there is nobody to show it to. */
  readonly openBrowser: ((url: string) => Promise<void>) | undefined;
  readonly now: () => number;
  readonly interrupted: AbortSignal;
}

/** A token that ends while it is on its way is of no use. */
const SPARE_MS = 30_000;
const PATIENCE_MS = 300_000;

/**
 * A token for any MCP server: the one that is kept, renewed if it has to be, else by a sign-in in the browser (authorization
 * code with PKCE; the client is registered by itself).
 *
 * @throws AsgardError `sign_in_failed`, `timed_out`, `cancelled`
 */
export async function signInByBrowser(options: BrowserSignInOptions): Promise<string> {
  const { url, store, now, interrupted } = options;
  const grant = grantOf(options);
  const kept = await store.find(grant);
  if (kept !== undefined && kept.expiresAt - SPARE_MS > now()) return kept.tokens.access_token;
  const request = { serverUrl: url, ...(grant.scope !== '' && { scope: grant.scope }) };
  const listener = await startRedirectListener();
  try {
    const provider = createProvider(options, listener.redirectUrl);
    if ((await auth(provider, request)) === 'REDIRECT') {
      const answer = await listener.answer(provider.expectedState, { interrupted, timeoutMs: PATIENCE_MS });
      const code = answer.get('code');
      if (code === null) throw new Error(answer.get('error_description') ?? answer.get('error') ?? 'no code was given');
      const iss = answer.get('iss');
      await auth(provider, { ...request, authorizationCode: code, ...(iss !== null && { iss }) });
    }
    const tokens = await provider.tokens();
    if (tokens === undefined) throw new Error('no token was given');
    await verifyGranted(tokens, options);
    return tokens.access_token;
  } catch (cause) {
    if (cause instanceof AsgardError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AsgardError('sign_in_failed', `Could not sign in for ${url}: ${reason}`, { cause });
  } finally {
    listener.close();
  }
}

function grantOf({ url, scopes }: Pick<BrowserSignInOptions, 'url' | 'scopes'>): Grant {
  return { resource: url, scope: formatScopes(scopes) };
}

/** An issuer may grant less than it was asked for, and says so then (RFC 6749 section 3.3). */
async function verifyGranted({ scope }: StoredOAuthTokens, options: BrowserSignInOptions): Promise<void> {
  if (scope === undefined) return;
  const granted = splitScope(scope);
  const missing = options.scopes.filter((wanted) => !granted.includes(wanted));
  if (missing.length === 0) return;
  await options.store.remove(grantOf(options));
  throw new AsgardError(
    'sign_in_failed',
    `The issuer grants ${granted.join(' ') || 'nothing'}, not ${missing.join(' ')}. Ask those who run it, or sign in as somebody else.`,
  );
}

/** What the SDK asks for during a sign-in. The client is kept with its tokens only, as its redirect URL lives no longer. */
function createProvider(
  { url, scopes, store, openBrowser, now }: BrowserSignInOptions,
  redirectUrl: string,
): OAuthClientProvider & { readonly expectedState: string } {
  const grant = grantOf({ url, scopes });
  const expectedState = randomBytes(16).toString('base64url');
  let client: StoredOAuthClientInformation | undefined;
  let saved: StoredOAuthTokens | undefined;
  let verifier = '';
  let discovered: OAuthDiscoveryState | undefined;
  return {
    expectedState,
    redirectUrl,
    clientMetadata: {
      client_name: 'asgard',
      redirect_uris: [redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    state: () => expectedState,
    clientInformation: async (context) => client ?? (await store.find(grant, context?.issuer))?.client,
    saveClientInformation: (information) => {
      client = information;
    },
    tokens: async (context) => saved ?? (await store.find(grant, context?.issuer))?.tokens,
    saveTokens: async (tokens, context) => {
      saved = tokens;
      const issuer = context?.issuer ?? '';
      const own = client ?? (await store.find(grant, issuer))?.client;
      if (own === undefined) return;
      const expiresAt = tokens.expires_in === undefined ? 0 : now() + tokens.expires_in * 1000;
      await store.save({ issuer, ...grant, client: own, tokens, expiresAt });
    },
    redirectToAuthorization: async (page) => {
      if (openBrowser === undefined) {
        throw new AsgardError('sign_in_failed', `${url} asks for a sign-in, and there is no terminal. Pass --token.`);
      }
      await openBrowser(page.href);
    },
    saveCodeVerifier: (value) => {
      verifier = value;
    },
    codeVerifier: () => verifier,
    // The code must go to the issuer that the browser was sent to, whatever the server's metadata says by then.
    saveDiscoveryState: (state) => {
      discovered = state;
    },
    discoveryState: () => discovered,
    invalidateCredentials: async () => {
      client = undefined;
      saved = undefined;
      await store.remove(grant);
    },
  };
}
