import {
  createGatewayReader,
  type GatewayOptions,
  type GatewayReader,
  HeimdallError,
  type Principal,
  type TokenVerifier,
} from '@asgard/heimdall-client';
import type { HttpRequest } from '../http/message.ts';
import { isRevocable } from './guests.ts';

/** A gateway that signs users in and keeps their tokens to itself. */
export interface GatewayAuthOptions
  extends Pick<GatewayOptions, 'proof' | 'header' | 'lifetimeSeconds' | 'clockToleranceSeconds'> {
  /** The header's `aud` is not compared with `auth.audience`, see `GatewayOptions`. @default false */
  readonly dangerouslyIgnoreAudience?: boolean;
}

/** @internal */
export interface ResolvedGateway {
  readonly kind: GatewayOptions['proof']['kind'];
  /** @throws HeimdallError as `GatewayReader.read`, and `token_revoked` */
  read(request: HttpRequest): Promise<Principal>;
}

export interface GatewayParts {
  readonly issuer: string;
  readonly audience: string | readonly string[];
  readonly verifier: Pick<TokenVerifier, 'peek' | 'verify'>;
}

/** @throws HeimdallError `bad_option`, always without a proof */
export function resolveGateway(
  options: GatewayAuthOptions | undefined,
  { issuer, audience, verifier }: GatewayParts,
): ResolvedGateway | undefined {
  if (!options) return undefined;
  const reader = createGatewayReader({ ...options, issuer, audience });
  return { kind: options.proof.kind, read: (request) => read(request, reader, verifier) };
}

async function read(
  request: HttpRequest,
  reader: GatewayReader,
  verifier: GatewayParts['verifier'],
): Promise<Principal> {
  const { method, path, query, peer } = request;
  const principal = await reader.read({
    method,
    target: query === '' ? path : `${path}?${query}`,
    headers: { get: (name) => request.header(name) ?? null },
    ...(peer && { peer }),
  });
  if (isRevocable(verifier) && verifier.isRevoked(principal)) {
    throw new HeimdallError('token_revoked', 'The user signed out or lost access.');
  }
  return principal;
}
