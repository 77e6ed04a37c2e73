import { randomBytes } from 'node:crypto';
import type { Configuration, errors, KoaContextWithOIDC } from 'oidc-provider';
import { pageHeaders, renderLoggedOutPage, renderLogoutPage } from './page.ts';
import type { Resources } from './resources.ts';

/** What the issuer's features are made of. */
export interface FeatureParts {
  readonly resources: Resources;
  readonly InvalidTarget: typeof errors.InvalidTarget;
  /** Whether a client may be its own document. */
  readonly clientDocuments: boolean;
}

/** What the issuer can do beside signing in. */
export function features(parts: FeatureParts): NonNullable<Configuration['features']> {
  const { resources, InvalidTarget, clientDocuments } = parts;
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    // For clients that prove a key; all others get bearer tokens.
    dPoP: { enabled: true },
    pushedAuthorizationRequests: { enabled: false },
    clientCredentials: { enabled: true },
    registration: { enabled: true, idFactory: dropScope },
    // The draft that the library follows has to be named, so that a newer one is taken on purpose.
    clientIdMetadataDocument: { enabled: clientDocuments, ack: 'draft-02' },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    // A server asks about tokens of clients, so any client that can prove who it is may ask.
    introspection: { enabled: true, allowedPolicy: (_ctx, client) => client.clientAuthMethod !== 'none' },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.set({ ...pageHeaders });
        ctx.body = renderLogoutPage(form);
      },
      postLogoutSuccessSource: (ctx) => {
        ctx.set({ ...pageHeaders });
        ctx.body = renderLoggedOutPage();
      },
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, _client, oneOf) => (oneOf?.length === 1 ? oneOf[0] : oneOf) ?? resources.fallback,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, resource) => {
        const server = resources.serverOf(ctx, resource);
        if (server) return server;
        throw new InvalidTarget('no such resource: this issuer knows only those it was started with');
      },
    },
  };
}

/**
 * Makes the id of a new client, the first step of a registration. MCP clients send the scope of their first request along, which would
 * pin them to it and make every later request for more scope fail, so it is taken out here.
 */
function dropScope(ctx: KoaContextWithOIDC): string {
  if (ctx.oidc.body) delete ctx.oidc.body.scope;
  return randomBytes(16).toString('base64url');
}
