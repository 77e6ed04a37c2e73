/**
 * Every reason for which this package refuses something. The codes are stable: switch on them, not on messages.
 *
 * - `invalid_field`: a header, parameter or document that was received does not follow GRIP.
 * - `illegal_value`: a value that was handed in cannot be written on the wire (CR/LF, non-ASCII, a forbidden character).
 * - `value_too_long`: a value is longer than its limit.
 * - `too_many_channels`: more channels than one connection may hold.
 * - `invalid_item`: a published item, or the frame it came in, is malformed.
 * - `unsupported_item`: a well-formed item of a kind that is not for held HTTP responses.
 * - `invalid_url`: a `GRIP_URL` that cannot be used.
 * - `invalid_key`: a signature key in no known form, or too weak.
 * - `bad_option`: an option with a wrong type or out of its range.
 * - `zeromq_missing`: the optional package `zeromq` is not installed.
 * - `not_connected`: no proxy is connected, so nothing can be published.
 * - `publish_failed`: the proxy or the way to it refused an item.
 * - `publisher_closed`: publishing after `close()`.
 * - `queue_full`: a bounded queue has no room.
 * - `hold_ended`: writing to a hold that has ended.
 * - `too_many_holds`: the registry holds as many as it may.
 * - `not_ready`: the proxy did not take the hold over in time.
 * - `departed`: the client, or the proxy itself, went away.
 * - `gap`: the client misses items that are no longer kept.
 * - `expired`: the hold reached the end of its time.
 * - `drained`: the registry was closed or drained with the hold still open.
 * - `block_too_large`: one server-sent event is larger than the limit.
 */
export type GripErrorCode =
  | 'invalid_field'
  | 'illegal_value'
  | 'value_too_long'
  | 'too_many_channels'
  | 'invalid_item'
  | 'unsupported_item'
  | 'invalid_url'
  | 'invalid_key'
  | 'bad_option'
  | 'zeromq_missing'
  | 'not_connected'
  | 'publish_failed'
  | 'publisher_closed'
  | 'queue_full'
  | 'hold_ended'
  | 'too_many_holds'
  | 'not_ready'
  | 'departed'
  | 'gap'
  | 'expired'
  | 'drained'
  | 'block_too_large';

/** What a {@link GripError} may carry beside its code and message. */
export interface GripErrorDetails {
  /** The header, parameter, option or item field that is at fault. */
  readonly field?: string;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/** The only error class that this package throws. */
export class GripError extends Error {
  override readonly name: string = 'GripError';
  /** Stable reason. */
  readonly code: GripErrorCode;
  /** The header, parameter, option or item field that is at fault, when there is one. */
  readonly field: string | undefined;

  constructor(code: GripErrorCode, message: string, details: GripErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.field = details.field;
  }
}

/** Whether `value` is a {@link GripError}, optionally one with the given code. Never throws. */
export function isGripError(value: unknown, code?: GripErrorCode): value is GripError {
  return value instanceof GripError && (code === undefined || value.code === code);
}
