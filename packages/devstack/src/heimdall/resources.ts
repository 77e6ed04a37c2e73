import type { KoaContextWithOIDC, ResourceServer } from 'oidc-provider';

/** Which resources tokens are issued for (RFC 8707). */
export interface Resources {
  /** The resource that is meant when a client names none: the only one there is. */
  readonly fallback: string | undefined;
  /** What a token for the resource looks like, or `undefined` for a resource that nobody has announced. */
  serverOf(ctx: KoaContextWithOIDC, resource: string): ResourceServer | undefined;
}

/** What access tokens are like. */
export interface TokenShape {
  readonly lifetimeSeconds: number;
  /** JWTs (RFC 9068), or opaque tokens that only introspection can read. */
  readonly format: 'jwt' | 'opaque';
}

/** Scope of a client that asks for none, as with Keycloak's default client scopes. */
export const defaultScope = 'profile';

/**
 * Creates the table of allowed resources. Tokens carry whatever scope was asked for: a server under development changes its scopes often,
 * and everybody here may do everything.
 *
 * @param allowed resource identifiers
 */
export function createResources(allowed: readonly string[], { lifetimeSeconds, format }: TokenShape): Resources {
  const names = new Map(allowed.map((resource) => [comparable(resource), resource]));
  return {
    fallback: allowed.length === 1 ? allowed[0] : undefined,
    serverOf(ctx, resource) {
      const audience = names.get(comparable(resource));
      if (audience === undefined) return undefined;
      return {
        audience,
        scope: scopesOf(ctx, resource),
        accessTokenFormat: format,
        accessTokenTTL: lifetimeSeconds,
        ...(format === 'jwt' && { jwt: { sign: { alg: 'RS256' } } }),
      };
    },
  };
}

/** At the authorization endpoint the scopes that are asked for, at the token endpoint those that were granted. */
function scopesOf(ctx: KoaContextWithOIDC, resource: string): string {
  const granted = ctx.oidc.entities.Grant?.getResourceScope(resource);
  const requested = typeof ctx.oidc.params?.scope === 'string' ? ctx.oidc.params.scope : '';
  return [...new Set([...(granted ?? '').split(' '), ...requested.split(' '), defaultScope])].filter(Boolean).join(' ');
}

function comparable(resource: string): string {
  return URL.canParse(resource) ? new URL(resource).href : resource;
}
