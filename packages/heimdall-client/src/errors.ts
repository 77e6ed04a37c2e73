/**
 * Why a token was not accepted. Stable: programs may branch on it.
 *
 * - `token_missing` no token was given
 * - `token_malformed` it is not a compact JWS of acceptable size
 * - `token_invalid` signature, algorithm, type or a claim is wrong
 * - `token_expired` its lifetime is over
 * - `proof_invalid` the request is not proven to come from the holder of the key that the token is bound to (RFC 9449)
 * - `proof_nonce` that proof must repeat a value that the server gives with the error (`nonce`)
 * - `token_revoked` it was declared void before its time
 * - `audience_mismatch` it was issued for another resource
 * - `issuer_unknown` it was issued by somebody else
 * - `unavailable` the issuer cannot be asked at the moment: says nothing about the token
 * - `bad_option` the verifier was configured wrongly
 * - `target_refused` the issuer exchanges the token for no token with that audience
 * - `scope_refused` the issuer gives no token with that scope
 * - `exchange_refused` the issuer refuses to exchange the token for another reason
 * - `client_refused` the issuer does not know this server, or lets it not do what it asks for
 * - `registration_refused` the issuer does not register the client, or lets it not be changed
 * - `not_found` Keycloak has no such organization, client, scope or member
 * - `conflict` Keycloak has one of that name already
 * - `admin_refused` Keycloak refuses a change of its realm for another reason
 * - `bad_revocation` a revocation cannot be read or names an unknown issuer
 */
export type HeimdallErrorCode =
  | 'token_missing'
  | 'token_malformed'
  | 'token_invalid'
  | 'token_expired'
  | 'proof_invalid'
  | 'proof_nonce'
  | 'token_revoked'
  | 'audience_mismatch'
  | 'issuer_unknown'
  | 'unavailable'
  | 'target_refused'
  | 'scope_refused'
  | 'exchange_refused'
  | 'client_refused'
  | 'registration_refused'
  | 'not_found'
  | 'conflict'
  | 'admin_refused'
  | 'bad_option'
  | 'bad_revocation';

/**
 * HTTP status that belongs to a code: the token is bad (401), the issuer refuses more for it (403), the issuer is away (503), the server is
 * misconfigured (500).
 */
export type HeimdallErrorStatus = 401 | 403 | 503 | 500;

/** Details beside code and message. */
export interface HeimdallErrorOptions {
  /** What went wrong underneath. */
  cause?: unknown;
  /** With `unavailable`: whole seconds after which asking again makes sense. */
  retryAfterSeconds?: number;
  /** With `proof_nonce`: the value that the next proof must repeat. */
  nonce?: string;
}

/**
 * The one error of this package. Messages never contain any part of a token, so they are safe in logs and challenges.
 */
export class HeimdallError extends Error {
  /** Stable reason, see {@link HeimdallErrorCode}. */
  readonly code: HeimdallErrorCode;
  /** HTTP status to answer with. */
  readonly status: HeimdallErrorStatus;
  /** Value for `Retry-After`, whole seconds; only with `unavailable`. */
  declare readonly retryAfterSeconds?: number;
  /** Value for `DPoP-Nonce`; only with `proof_nonce`. */
  declare readonly nonce?: string;

  constructor(code: HeimdallErrorCode, message: string, options: HeimdallErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HeimdallError';
    this.code = code;
    this.status = statusOf(code);
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds;
    if (options.nonce !== undefined) this.nonce = options.nonce;
  }
}

/** Whether a value is an error of this package. Never throws. */
export function isHeimdallError(value: unknown): value is HeimdallError {
  return value instanceof HeimdallError;
}

const statuses: Readonly<Partial<Record<HeimdallErrorCode, HeimdallErrorStatus>>> = {
  unavailable: 503,
  target_refused: 403,
  scope_refused: 403,
  exchange_refused: 403,
  registration_refused: 403,
  client_refused: 500,
  not_found: 500,
  conflict: 500,
  admin_refused: 500,
  bad_option: 500,
  bad_revocation: 500,
};

function statusOf(code: HeimdallErrorCode): HeimdallErrorStatus {
  return statuses[code] ?? 401;
}
