import { GripError } from '../errors.ts';
import { checkChannelName, checkId } from './channel.ts';
import { findParameter, formatParameter, GRIP_HEADERS, parseParameterized, splitList } from './fields.ts';

/** The last item that a held client got on one channel, as the proxy tells it to the next link. */
export interface LastId {
  readonly channel: string;
  readonly lastId: string;
}

/** Writes the value of the request header `Grip-Last`. */
export function formatLast(last: readonly LastId[]): string {
  return last
    .map(
      ({ channel, lastId }) =>
        `${checkChannelName(channel)}; ${formatParameter('last-id', checkId('last-id', lastId))}`,
    )
    .join(', ');
}

/** Reads the value of `Grip-Last`; repeated headers are joined by commas. Elements without an id are left out. */
export function parseLast(text: string): LastId[] {
  const field = GRIP_HEADERS.last;
  return splitList(field, text).flatMap((part) => {
    const parsed = parseParameterized(field, part);
    const lastId = findParameter(parsed, 'last-id');
    if (parsed.value === '')
      throw new GripError('invalid_field', `${field} has an element without a channel`, { field });
    return lastId ? [{ channel: parsed.value, lastId }] : [];
  });
}
