/**
 * Why a token was not accepted. Stable: programs may branch on it.
 *
 * - `token_missing` no token was given
 * - `token_malformed` it is not a compact JWS of acceptable size
 * - `token_invalid` signature, algorithm, type or a claim is wrong
 * - `token_expired` its lifetime is over
 * - `token_revoked` it was declared void before its time
 * - `audience_mismatch` it was issued for another resource
 * - `issuer_unknown` it was issued by somebody else
 * - `unavailable` the issuer cannot be asked at the moment: says nothing about the token
 * - `bad_option` the verifier was configured wrongly
 * - `bad_revocation` a revocation cannot be read or names an unknown issuer
 */
export type HeimdallErrorCode =
  | 'token_missing'
  | 'token_malformed'
  | 'token_invalid'
  | 'token_expired'
  | 'token_revoked'
  | 'audience_mismatch'
  | 'issuer_unknown'
  | 'unavailable'
  | 'bad_option'
  | 'bad_revocation';

/** HTTP status that belongs to a code: the token is bad (401), the issuer is away (503), the server is misconfigured (500). */
export type HeimdallErrorStatus = 401 | 503 | 500;

/** Details beside code and message. */
export interface HeimdallErrorOptions {
  /** What went wrong underneath. */
  cause?: unknown;
  /** With `unavailable`: whole seconds after which asking again makes sense. */
  retryAfterSeconds?: number;
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

  constructor(code: HeimdallErrorCode, message: string, options: HeimdallErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HeimdallError';
    this.code = code;
    this.status = statusOf(code);
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Whether a value is an error of this package. Never throws. */
export function isHeimdallError(value: unknown): value is HeimdallError {
  return value instanceof HeimdallError;
}

function statusOf(code: HeimdallErrorCode): HeimdallErrorStatus {
  if (code === 'unavailable') return 503;
  return code === 'bad_option' || code === 'bad_revocation' ? 500 : 401;
}
