import type { FindTenant, Tenant, TenantDirectory, TokenExchange, TokenVerifier } from '@asgard/heimdall-client';
import type { DpopAuthOptions } from './dpop.ts';
import type { GatewayAuthOptions } from './gateway.ts';
import type { FindTenantVerification } from './tenant-verification.ts';

/** Where the issuer says that a user signed out (OpenID Connect Back-Channel Logout 1.0). */
export interface BackChannelLogoutOptions {
  /** Path that takes the issuers' calls. They need no bearer token, and may come by any Host. @default '/.odin/logout' */
  readonly path?: string;
  /** Ids of the clients whose logouts count: those at which this address is registered. */
  readonly clients: string | readonly string[];
}

/** Who may call: bearer tokens of one issuer, made for this server. */
export interface AuthOptions {
  /** Issuer identifier, exactly as in the tokens' `iss` and in the issuer's own metadata. */
  readonly issuer: string;
  /**
   * Where the keys of `issuer` are, for its tokens and its sign-outs, here and at the hosts of tenants that have the same issuer. A `verifier` of your own
   * needs it as well. @default found through the issuer's metadata
   */
  readonly jwksUri?: string;
  /** Accept issuer and keys over plain HTTP from another host. Only for networks that nobody else can reach. @default false */
  readonly dangerouslyAllowHttp?: boolean;
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
   * Take tokens that are bound to a key of their holder (RFC 9449, scheme `DPoP`): stolen ones are then useless. `{}` takes them beside bearer tokens.
   * With a `cluster` a proof is good once among all replicas, and while that is away such tokens are answered 503. With a `verifier` of your own give it the
   * same option `dpop`, with the `replays` that `createReplayStore` makes. @default such tokens are refused
   */
  readonly dpop?: DpopAuthOptions;
  /**
   * Take the word of a gateway that has signed the user in and keeps the token to itself (`X-Userinfo`), for requests to the server's own host that bring
   * no token. Only with a proof that the gateway says it. Whoever can pass tokens on should do that instead. @default no header is proof
   */
  readonly gateway?: GatewayAuthOptions;
  /**
   * Further hosts under which this server is seen, each with its own issuer, audience, metadata document and, if it
   * names one, organization of its callers. A list, a function that finds one, or a directory. @default none
   */
  readonly tenants?: readonly Tenant[] | FindTenant | TenantDirectory;
  /**
   * How the tokens of a tenant are verified where the default does not do: an issuer with opaque tokens (`introspection`), keys elsewhere (`jwksUri`), other
   * `algorithms`. Asked when a tenant's first request comes, and again when the tenant is another or its directory forgets it. The issuer, the resource as the
   * only audience, `dpop` and sign-outs stay as the tenant and this server have them. When it throws, requests to that tenant are answered 503.
   * @default JWTs, checked against the issuer's published keys
   */
  readonly tenantVerification?: FindTenantVerification;
  /**
   * Lets handlers call other services as the user: `ctx.exchangeToken({ audience })` (RFC 8693). Made by
   * `createTokenExchange` of `@asgard/heimdall-client`. @default none
   */
  readonly exchange?: Pick<TokenExchange, 'exchange'>;
  /**
   * Lets the issuer, and that of each tenant at the tenant's host, end what a user's tokens are used for: their streams, their subscriptions, and every
   * later call. It reaches this process and, with a `cluster`, every replica; give a `verifier` of your own the bus that `createRevocationBus` makes.
   * @default tokens count until they expire
   */
  readonly backChannelLogout?: BackChannelLogoutOptions;
  /** Verifies tokens in place of the default, which checks JWTs against the issuer's published keys. */
  readonly verifier?: Pick<TokenVerifier, 'peek' | 'verify'>;
}
