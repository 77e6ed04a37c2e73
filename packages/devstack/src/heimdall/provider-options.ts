import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import type { Configuration } from 'oidc-provider';
import { isLoopback } from '../loopback.ts';
import { type FeatureParts, features } from './features.ts';
import { createMemoryAdapter } from './memory-adapter.ts';
import { pageHeaders, renderErrorPage } from './page.ts';
import { claimsOf, type UserDirectory } from './users.ts';

/** Where the endpoints are below the issuer: the same paths as Keycloak's. */
export const routes = {
  authorization: '/protocol/openid-connect/auth',
  token: '/protocol/openid-connect/token',
  jwks: '/protocol/openid-connect/certs',
  registration: '/clients-registrations/openid-connect',
  introspection: '/protocol/openid-connect/token/introspect',
  revocation: '/protocol/openid-connect/revoke',
  end_session: '/protocol/openid-connect/logout',
} as const;

/** Name of the session's cookie, and beginning of the name of its signature. */
export const sessionCookie = 'heimdall_session';

const hour = 3_600;
const day = 24 * hour;

/** What the issuer's configuration is made of. */
export interface ProviderParts extends FeatureParts {
  readonly mountPath: string;
  readonly key: JWK;
  readonly users: UserDirectory;
  readonly tokenLifetimeSeconds: number;
  /** Calls clients, see `createClientFetch`. */
  readonly callClient: NonNullable<Configuration['fetch']>;
}

/**
 * The configuration of oidc-provider: OAuth 2.1 with PKCE S256 for every client, dynamic registration, resource indicators, rotating refresh
 * tokens. Whatever has a default that prints advice is set.
 */
export function providerOptions(parts: ProviderParts): Configuration {
  const { users, tokenLifetimeSeconds } = parts;
  return {
    adapter: createMemoryAdapter(Date.now),
    jwks: { keys: [parts.key] },
    routes,
    scopes: ['openid', 'offline_access'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
    clientBasedCORS: (_ctx, origin) => isLoopbackOrigin(origin),
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      names: { session: sessionCookie, interaction: 'heimdall_login', resume: 'heimdall_resume' },
      long: { httpOnly: true, sameSite: 'lax', path: `${parts.mountPath}/` },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    findAccount: (_ctx, subject) => {
      const user = users.bySubject(subject);
      if (!user) return undefined;
      return { accountId: subject, claims: () => ({ sub: subject, ...claimsOf(user) }) };
    },
    extraTokenClaims: (_ctx, token) => {
      if (token.kind !== 'AccessToken') return { azp: token.clientId };
      const user = users.bySubject(token.accountId);
      return { azp: token.clientId, sid: token.sid ?? token.sessionUid, ...(user && claimsOf(user)) };
    },
    // A client that did not ask for offline_access still gets a refresh token, as from Keycloak: it ends with the session.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: (_ctx, source) => !source.scopes.has('offline_access'),
    rotateRefreshToken: true,
    interactions: { url: (_ctx, interaction) => `${parts.mountPath}/login/${interaction.uid}` },
    renderError: (ctx, out) => {
      ctx.set({ ...pageHeaders });
      ctx.body = renderErrorPage(out.error, out.error_description ?? '');
    },
    ttl: {
      AccessToken: tokenLifetimeSeconds,
      ClientCredentials: tokenLifetimeSeconds,
      AuthorizationCode: 60,
      IdToken: tokenLifetimeSeconds,
      Interaction: hour,
      RefreshToken: day,
      Session: day,
      Grant: day,
    },
    features: features(parts),
    fetch: parts.callClient,
  };
}

/** Whether a browser origin is a page of this machine. Never throws. */
export function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname);
}
