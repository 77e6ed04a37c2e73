import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import type { Configuration, errors, KoaContextWithOIDC } from 'oidc-provider';
import { isLoopback } from '../loopback.ts';
import { createMemoryAdapter } from './memory-adapter.ts';
import { renderErrorPage } from './page.ts';
import type { Resources } from './resources.ts';
import { claimsOf, type UserDirectory } from './users.ts';

/** Where the endpoints are below the issuer: the same paths as Keycloak's. */
export const routes = {
  authorization: '/protocol/openid-connect/auth',
  token: '/protocol/openid-connect/token',
  jwks: '/protocol/openid-connect/certs',
  registration: '/clients-registrations/openid-connect',
  revocation: '/protocol/openid-connect/revoke',
  end_session: '/protocol/openid-connect/logout',
} as const;

/** Name of the session's cookie, and beginning of the name of its signature. */
export const sessionCookie = 'heimdall_session';

const hour = 3_600;
const day = 24 * hour;

/** What the issuer's configuration is made of. */
export interface ProviderParts {
  readonly mountPath: string;
  readonly key: JWK;
  readonly users: UserDirectory;
  readonly resources: Resources;
  readonly tokenLifetimeSeconds: number;
  readonly InvalidTarget: typeof errors.InvalidTarget;
}

/**
 * The configuration of oidc-provider: OAuth 2.1 with PKCE S256 for every client, dynamic registration, resource indicators, rotating refresh
 * tokens. Whatever has a default that prints advice is set.
 */
export function providerOptions(parts: ProviderParts): Configuration {
  const { users, resources, tokenLifetimeSeconds } = parts;
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
    // A client that did not ask for offline_access still gets a refresh token, as from Keycloak, and keeps it when another user signs in.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    rotateRefreshToken: true,
    interactions: { url: (_ctx, interaction) => `${parts.mountPath}/login/${interaction.uid}` },
    renderError: (ctx, out) => {
      ctx.type = 'html';
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
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      registration: { enabled: true, idFactory: dropScope },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, _client, oneOf) => (oneOf?.length === 1 ? oneOf[0] : oneOf) ?? resources.fallback,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, resource) => {
          const server = resources.serverOf(ctx, resource);
          if (server) return server;
          throw new parts.InvalidTarget('no such resource: this issuer knows only those it was started with');
        },
      },
    },
  };
}

/** Whether a browser origin is a page of this machine. Never throws. */
export function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname);
}

/**
 * Makes the id of a new client, the first step of a registration. MCP clients send the scope of their first request along, which would
 * pin them to it and make every later request for more scope fail, so it is taken out here.
 */
function dropScope(ctx: KoaContextWithOIDC): string {
  if (ctx.oidc.body) delete ctx.oidc.body.scope;
  return randomBytes(16).toString('base64url');
}
