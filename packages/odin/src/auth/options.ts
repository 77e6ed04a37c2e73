import {
  createTokenVerifier,
  type FindTenant,
  type RevocationBus,
  type Tenant,
  type TenantDirectory,
  type TokenExchange,
  type TokenVerifier,
} from '@asgard/heimdall-client';
import { OdinError } from '../errors.ts';
import { AccessPolicy } from '../registry/access.ts';

/** Where the issuer says that a user signed out (OpenID Connect Back-Channel Logout 1.0). */
export interface BackChannelLogoutOptions {
  /** Path that takes the issuer's calls. They need no bearer token, and may come by any Host. @default '/.odin/logout' */
  readonly path?: string;
  /** Ids of the clients whose logouts count: those at which this address is registered. */
  readonly clients: string | readonly string[];
}

/** Who may call: bearer tokens of one issuer, made for this server. */
export interface AuthOptions {
  /** Issuer identifier, exactly as in the tokens' `iss` and in the issuer's own metadata. */
  readonly issuer: string;
  /** Accepted `aud` values. @default the server's `url` */
  readonly audience?: string | readonly string[];
  /** Scopes that every request needs; also announced in the metadata document. @default none */
  readonly scopes?: readonly string[];
  /**
   * Scopes that stand for others, for example `{ 'notes:admin': ['notes:read', 'notes:write'] }`. Transitive.
   * @default none
   */
  readonly impliedScopes?: Readonly<Record<string, readonly string[]>>;
  /**
   * Further hosts under which this server is seen, each with its own issuer, audience, metadata document and, if it
   * names one, organization of its callers. A list, a function that finds one, or a directory. @default none
   */
  readonly tenants?: readonly Tenant[] | FindTenant | TenantDirectory;
  /**
   * Lets handlers call other services as the user: `ctx.exchangeToken({ audience })` (RFC 8693). Made by
   * `createTokenExchange` of `@asgard/heimdall-client`. @default none
   */
  readonly exchange?: Pick<TokenExchange, 'exchange'>;
  /**
   * Lets the issuer end what a user's tokens are used for: their streams, their subscriptions, and every later call. It
   * reaches this process and, with a `cluster`, every replica; give a `verifier` of your own the bus that
   * `createRevocationBus` makes. @default tokens count until they expire
   */
  readonly backChannelLogout?: BackChannelLogoutOptions;
  /** Verifies tokens in place of the default, which checks JWTs against the issuer's published keys. */
  readonly verifier?: Pick<TokenVerifier, 'peek' | 'verify'>;
}

/** @internal */
export interface ResolvedAuth {
  readonly issuer: string;
  readonly verifier: Pick<TokenVerifier, 'peek' | 'verify'>;
  readonly scopes: readonly string[];
  readonly access: AccessPolicy;
  readonly exchange: Pick<TokenExchange, 'exchange'> | undefined;
  /** The resource identifier (RFC 8707): the server's public URL, without a trailing slash. */
  readonly resource: string;
  readonly metadataUrl: string;
}

/**
 * @param bus carries revocations to the other replicas
 * @throws OdinError `bad_option`; HeimdallError `bad_option` for issuer and audience
 */
export function resolveAuth(
  options: AuthOptions | undefined,
  url: URL | undefined,
  bus?: RevocationBus,
): ResolvedAuth | undefined {
  if (!options) return undefined;
  if (!url) {
    throw new OdinError(
      'bad_option',
      'auth: needs the option url, the public URL of the MCP endpoint that tokens are issued for.',
    );
  }
  const scopes = options.scopes ?? [];
  if (scopes.includes('offline_access')) {
    throw new OdinError(
      'bad_option',
      'auth.scopes: offline_access is not for resource servers to ask for (MCP 2026-07-28, authorization).',
    );
  }
  const resource = url.href.replace(/\/$/, '');
  const { issuer, audience = resource } = options;
  return {
    issuer,
    scopes,
    access: new AccessPolicy(options.impliedScopes),
    exchange: options.exchange,
    resource,
    metadataUrl: `${url.origin}${metadataPath(url)}`,
    verifier:
      options.verifier ??
      createTokenVerifier({
        issuer,
        audience: typeof audience === 'string' ? audience : [...audience],
        ...(bus && { revocations: { bus } }),
      }),
  };
}

/** RFC 9728 section 3.1: the well-known part goes between the host and the path of the resource. */
export function metadataPath(url: URL): string {
  return `/.well-known/oauth-protected-resource${url.pathname === '/' ? '' : url.pathname}`;
}
