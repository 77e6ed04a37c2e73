/**
 * What the proxy itself limits. Beyond these Pushpin drops in silence or fails the request after the origin has run it,
 * so they are refused here, before anything is sent.
 */

/** Channels of one held connection (`connection_subscription_max`). Pushpin keeps the first 20 and drops the rest in silence. */
export const MAX_CHANNELS = 20;

/** Filters of one channel of a hold. */
export const MAX_FILTERS = 5;

/** A request with a larger body cannot be held: Pushpin answers 400 although the origin has run it. */
export const MAX_HELD_REQUEST_BYTES = 100_000;

/** Items that Pushpin queues for one session before it drops them in silence. */
export const MAX_SESSION_QUEUE_ITEMS = 100;

/** Longest channel name, in characters. */
export const MAX_CHANNEL_NAME_LENGTH = 1_024;

/** Longest id, filter name, meta key or reason phrase, in characters. */
export const MAX_TOKEN_LENGTH = 1_024;

/** Longest link target, in characters. */
export const MAX_URI_LENGTH = 4_096;

/** Longest value of one header field, in bytes: proxies buffer all the headers of a message in a few KiB. */
export const MAX_FIELD_LENGTH = 8_000;

/** Largest number of seconds in any timeout (the proxy reads a signed 32-bit number and counts in milliseconds). */
export const MAX_TIMEOUT_SECONDS = 2_000_000;
