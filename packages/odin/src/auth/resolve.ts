import {
  createTokenVerifier,
  type ReplayStore,
  type RevocationBus,
  type TokenExchange,
  type TokenVerifier,
} from '@asgard/heimdall-client';
import { OdinError } from '../errors.ts';
import { AccessPolicy } from '../registry/access.ts';
import { type ResolvedDpop, resolveDpop } from './dpop.ts';
import { type ResolvedGateway, resolveGateway } from './gateway.ts';
import type { AuthOptions } from './options.ts';
import type { TenantVerification } from './tenant-verification.ts';

/** @internal AuthOptions of one host, read once and checked. */
export interface ResolvedAuth {
  readonly issuer: string;
  readonly verifier: Pick<TokenVerifier, 'peek' | 'verify'>;
  /** What the default verifier was made with, beside issuer and resource. */
  readonly verification: TenantVerification;
  readonly scopes: readonly string[];
  readonly access: AccessPolicy;
  readonly exchange: Pick<TokenExchange, 'exchange'> | undefined;
  readonly dpop: ResolvedDpop | undefined;
  readonly gateway: ResolvedGateway | undefined;
  /** The resource identifier (RFC 8707): the server's public URL, without a trailing slash. */
  readonly resource: string;
  readonly metadataUrl: string;
}

/** What the verifiers of one server share, among each other and with its other replicas. */
export interface Shared {
  /** What the default verifiers hear revocations from, also those of before they were made. */
  readonly revocations: RevocationBus;
  /** Where proofs that were used at any replica are remembered. */
  readonly replays: ReplayStore | undefined;
}

/** What a host's options meet. */
export interface AuthPlace extends Shared {
  /** The public URL of the endpoint there. */
  readonly url: URL | undefined;
  /** How the tokens of a tenant are verified. */
  readonly verification?: TenantVerification | undefined;
}

/**
 * @throws OdinError `bad_option`; HeimdallError `bad_option` for issuer, audience, dpop and gateway
 */
export function resolveAuth(
  options: AuthOptions | undefined,
  { url, verification: found, revocations: bus, replays }: AuthPlace,
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
  const { issuer, audience = resource, jwksUri, dangerouslyAllowHttp = false } = options;
  const verification = { ...(jwksUri !== undefined && { jwksUri }), dangerouslyAllowHttp, ...found };
  const dpop = resolveDpop(options.dpop, { url, replays });
  const verifier =
    options.verifier ??
    createTokenVerifier({
      ...verification,
      ...{ issuer, audience, revocations: { bus }, ...(dpop && { dpop: dpop.options }) },
    });
  return {
    ...{ issuer, scopes, verifier, verification, dpop, exchange: options.exchange },
    access: new AccessPolicy(options.impliedScopes),
    gateway: resolveGateway(options.gateway, { issuer, audience, verifier }),
    resource,
    metadataUrl: `${url.origin}${metadataPath(url)}`,
  };
}

/** RFC 9728 section 3.1: the well-known part goes between the host and the path of the resource. */
export function metadataPath(url: URL): string {
  return `/.well-known/oauth-protected-resource${url.pathname === '/' ? '' : url.pathname}`;
}
