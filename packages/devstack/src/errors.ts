/**
 * What went wrong in a stand-in.
 *
 * - `production_refused`: `NODE_ENV` is `production`.
 * - `host_refused`: asked to listen on, or to dial, an address that is not loopback.
 * - `bad_option`: an option is missing or has a value that cannot work.
 * - `port_taken`: the port that was asked for is in use.
 * - `listen_failed`: listening failed for another reason; see `cause`.
 * - `sign_in_failed`: a scripted sign-in did not end with a token.
 */
export type DevstackErrorCode =
  | 'production_refused'
  | 'host_refused'
  | 'bad_option'
  | 'port_taken'
  | 'listen_failed'
  | 'sign_in_failed';

/** The one error class of this package. `code` is stable, `message` says what to do. */
export class DevstackError extends Error {
  override readonly name = 'DevstackError';
  readonly code: DevstackErrorCode;

  constructor(code: DevstackErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
