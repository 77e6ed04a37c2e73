import type { IncomingHttpHeaders } from 'node:http';
import { createTokenVerifier, isHeimdallError } from '@asgard/heimdall-client';
import { decodeJwt, type JWTPayload } from 'jose';

/** Whose tokens the gateway lets pass, and what it tells those who bring none (RFC 9728 section 5.1). */
export interface GatewayTokens {
  readonly issuer: string;
  /** Where the issuer's keys are. @default found through the issuer's metadata */
  readonly jwksUri?: string;
  /** The one audience: the URL of the MCP endpoint. */
  readonly audience: string;
  /** URL of the RFC 9728 document. */
  readonly resourceMetadata: string;
  /** Scopes that the challenge asks for. @default [] */
  readonly scopes?: readonly string[];
}

export type TokenCheck =
  | { readonly ok: true; readonly identity: Readonly<Record<string, string>>; readonly user: string }
  | { readonly ok: false; readonly reason: 'unauthorized'; readonly challenge: string }
  | { readonly ok: false; readonly reason: 'unavailable' };

/**
 * Checks bearer tokens as kong-oidc does in JWT mode: RS256, issuer, audience, times. It knows no other scheme. What it learns it tells the service in the
 * headers of kong-oidc.
 *
 * @param now epoch milliseconds
 */
export function createTokenCheck(
  { resourceMetadata, scopes = [], ...token }: GatewayTokens,
  now: () => number,
): (headers: IncomingHttpHeaders) => Promise<TokenCheck> {
  const { issuer, audience, jwksUri } = token;
  const verifier = createTokenVerifier({ issuer, audience, ...(jwksUri && { jwksUri }), algorithms: ['RS256'], now });
  const challengeOf = (error: string): string =>
    `Bearer ${error}resource_metadata="${resourceMetadata}"${scopes.length > 0 ? `, scope="${scopes.join(' ')}"` : ''}`;
  return async ({ authorization }) => {
    if (authorization === undefined) return { ok: false, reason: 'unauthorized', challenge: challengeOf('') };
    const [, bearer = ''] = /^Bearer +([^ ]+)$/i.exec(authorization) ?? [];
    try {
      await verifier.verify(bearer);
      return { ok: true, ...identityOf(decodeJwt(bearer)) };
    } catch (error) {
      if (isHeimdallError(error) && error.code === 'unavailable') return { ok: false, reason: 'unavailable' };
      return { ok: false, reason: 'unauthorized', challenge: challengeOf('error="invalid_token", ') };
    }
  };
}

/** Decode `X-Userinfo`, never compare it: what kong-oidc writes has its members in any order. */
function identityOf(claims: JWTPayload): Pick<TokenCheck & { ok: true }, 'identity' | 'user'> {
  const { sub = '', preferred_username: name } = claims;
  const user = typeof name === 'string' ? name : sub;
  const userinfo = JSON.stringify({ ...claims, id: sub, ...(typeof name === 'string' && { username: name }) });
  return {
    user,
    identity: { 'x-userinfo': Buffer.from(userinfo).toString('base64'), 'x-credential-identifier': user },
  };
}
