import { HeimdallError } from '@asgard/heimdall-client';
import { type Refusal, refuse } from '../http/refusal.ts';
import type { ResolvedAuth } from './options.ts';

/**
 * The value of `WWW-Authenticate` (RFC 6750 section 3, RFC 9728 section 5.1). `error` is left out when no token was
 * sent, and `scope` names all that the request needs.
 */
export function formatChallenge(
  auth: ResolvedAuth,
  detail: { error?: string; description?: string; scopes?: readonly string[] } = {},
): string {
  const scopes = detail.scopes ?? auth.scopes;
  const parts = [
    ...(detail.error ? [`error="${detail.error}"`] : []),
    ...(detail.description ? [`error_description="${detail.description.replace(/["\\]/g, '')}"`] : []),
    ...(scopes.length > 0 ? [`scope="${scopes.join(' ')}"`] : []),
    `resource_metadata="${auth.metadataUrl}"`,
  ];
  return `Bearer ${parts.join(', ')}`;
}

export function refuseNoToken(auth: ResolvedAuth): Refusal {
  return refuse(401, 'Unauthorized: a bearer token is required', { 'www-authenticate': formatChallenge(auth) });
}

/** RFC 6750 section 2.3 and MCP 2026-07-28: tokens never travel in the URL. */
export function refuseQueryToken(auth: ResolvedAuth): Refusal {
  const description = 'Send the token in the Authorization header, not in the URL';
  return refuse(400, `Bad Request: ${description}`, {
    'www-authenticate': formatChallenge(auth, { error: 'invalid_request', description }),
  });
}

export function refuseScopes(auth: ResolvedAuth, scopes: readonly string[]): Refusal {
  return refuse(403, `Insufficient scope: this needs ${scopes.join(' ')}`, {
    'www-authenticate': formatChallenge(auth, { error: 'insufficient_scope', scopes }),
  });
}

/** A token that was not accepted: 401, or 503 when nobody could tell whether it is good. */
export function refuseToken(auth: ResolvedAuth, thrown: unknown): Refusal {
  if (thrown instanceof HeimdallError && thrown.status === 401) {
    return refuse(401, 'Unauthorized: the bearer token was not accepted', {
      'www-authenticate': formatChallenge(auth, {
        error: 'invalid_token',
        description: DESCRIPTIONS[thrown.code] ?? 'The token is not valid',
      }),
    });
  }
  const retryAfter = thrown instanceof HeimdallError ? (thrown.retryAfterSeconds ?? 5) : 5;
  return refuse(503, 'Service Unavailable: tokens cannot be verified right now', { 'retry-after': String(retryAfter) });
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  token_expired: 'The token has expired',
  audience_mismatch: 'The token was issued for another resource',
  issuer_unknown: 'The token comes from another issuer',
  token_malformed: 'The token is malformed',
};
