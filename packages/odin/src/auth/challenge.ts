import { HeimdallError, type Principal } from '@asgard/heimdall-client';
import type { HttpHeaders } from '../http/message.ts';
import { type Refusal, refuse } from '../http/refusal.ts';
import type { Answer } from '../protocol/answer.ts';
import type { ResolvedAuth } from './resolve.ts';

/** How the token of a request was sent. */
export type Scheme = 'Bearer' | 'DPoP';

export interface ChallengeDetail {
  readonly error?: string;
  readonly description?: string;
  readonly scopes?: readonly string[];
  /** The scheme that the request came with, which is told of the error. @default 'Bearer' */
  readonly scheme?: Scheme | undefined;
}

/**
 * The value of `WWW-Authenticate` (RFC 6750 section 3, RFC 9728 section 5.1, RFC 9449 section 7.1): a challenge for each scheme that is taken. `error` is
 * left out when no token was sent, and `scope` names all that the request needs. `Bearer` comes first, as many clients only read the first one.
 */
export function formatChallenge(auth: ResolvedAuth, detail: ChallengeDetail = {}): string {
  const { dpop } = auth;
  const scheme: Scheme = dpop?.required ? 'DPoP' : (detail.scheme ?? 'Bearer');
  const { error, description, ...rest } = detail;
  const errorOf = (of: Scheme): ChallengeDetail => (of === scheme ? detail : rest);
  const bearer = dpop?.required ? [] : [`Bearer ${formatParts(auth, errorOf('Bearer')).join(', ')}`];
  if (!dpop) return bearer.join('');
  const algorithms = `algs="${dpop.algorithms.join(' ')}"`;
  // Once is enough: the other challenge says the rest.
  const parts = scheme === 'DPoP' ? formatParts(auth, errorOf('DPoP')) : [];
  return [...bearer, `DPoP ${[...parts, algorithms].join(', ')}`].join(', ');
}

function formatParts(auth: ResolvedAuth, { error, description, scopes = auth.scopes }: ChallengeDetail): string[] {
  return [
    ...(error ? [`error="${error}"`] : []),
    ...(description ? [`error_description="${description.replace(/["\\]/g, '')}"`] : []),
    ...(scopes.length > 0 ? [`scope="${scopes.join(' ')}"`] : []),
    `resource_metadata="${auth.metadataUrl}"`,
  ];
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

export function refuseScopes(auth: ResolvedAuth, scopes: readonly string[], scheme: Scheme): Refusal {
  return refuse(403, `Insufficient scope: this needs ${scopes.join(' ')}`, {
    'www-authenticate': formatChallenge(auth, { error: 'insufficient_scope', scopes, scheme }),
  });
}

/** The challenge of an answer that a wider token would have changed (MCP 2026-07-28, authorization, "Runtime Insufficient Scope Errors"). */
export function challengeOf(
  answer: Answer,
  auth: ResolvedAuth | undefined,
  caller: Principal | undefined,
): HttpHeaders {
  if (answer.kind !== 'denied' || answer.denial.what !== 'scopes' || !auth) return {};
  const scopes = [...new Set([...auth.scopes, ...answer.denial.scopes])];
  const scheme = caller?.boundTo === undefined ? 'Bearer' : 'DPoP';
  return { 'www-authenticate': formatChallenge(auth, { error: 'insufficient_scope', scopes, scheme }) };
}

/** A token that was not accepted: 401, or 503 when nobody could tell whether it is good. */
export function refuseToken(auth: ResolvedAuth, thrown: unknown, scheme: Scheme = 'Bearer'): Refusal {
  if (thrown instanceof HeimdallError && thrown.status === 401) {
    const { code, nonce } = thrown;
    const error = ERRORS[code] ?? 'invalid_token';
    const description = DESCRIPTIONS[code] ?? 'The token is not valid';
    return refuse(401, 'Unauthorized: the token was not accepted', {
      'www-authenticate': formatChallenge(auth, { error, description, scheme }),
      ...(nonce !== undefined && { 'dpop-nonce': nonce, 'cache-control': 'no-store' }),
    });
  }
  const retryAfter = thrown instanceof HeimdallError ? (thrown.retryAfterSeconds ?? 5) : 5;
  return refuse(503, 'Service Unavailable: tokens cannot be verified right now', { 'retry-after': String(retryAfter) });
}

/** RFC 9449 sections 7.1 and 9; everything else is about the token. */
const ERRORS: Readonly<Record<string, string>> = {
  proof_invalid: 'invalid_dpop_proof',
  proof_nonce: 'use_dpop_nonce',
};

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  token_expired: 'The token has expired',
  audience_mismatch: 'The token was issued for another resource',
  issuer_unknown: 'The token comes from another issuer',
  token_malformed: 'The token is malformed',
  token_revoked: 'The token was revoked',
  proof_invalid: 'The proof is not good for this request and this token',
  proof_nonce: 'The proof must repeat the nonce of the server',
};
