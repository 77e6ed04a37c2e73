import { GripError } from '../errors.ts';
import { concatBytes, toBytes, toText } from './bytes.ts';
import {
  formatItemJson,
  formatItemObject,
  type ItemEncoding,
  type PublishItem,
  parseItemJson,
  parseItemObject,
} from './item.ts';
import { readJson } from './json.ts';
import { formatTnetstring, parseTnetstring } from './tnetstring.ts';

/** Writes an item as one ZeroMQ frame, as a PUSH socket sends it: `J` and JSON, or `T` and a tnetstring. */
export function formatItemFrame(item: PublishItem, encoding: ItemEncoding = 'json'): Uint8Array {
  if (encoding === 'json') return toBytes(`J${formatItemJson(item)}`);
  return concatBytes([toBytes('T'), formatTnetstring(formatItemObject(item, encoding))]);
}

/** Writes an item as the two frames of a PUB or XPUB socket: the channel, on which ZeroMQ filters, and the item. */
export function formatItemFrames(
  item: PublishItem,
  encoding: ItemEncoding = 'json',
): [channel: Uint8Array, payload: Uint8Array] {
  return [toBytes(item.channel), formatItemFrame(item, encoding)];
}

/**
 * Reads the payload frame of a PUSH, PUB or XPUB socket, in either framing.
 * @param channel the first frame of a PUB socket; it counts more than the channel inside.
 * @throws {@link GripError} `invalid_item` or `unsupported_item`.
 */
export function parseItemFrame(frame: Uint8Array, channel?: string): PublishItem {
  const payload = frame.subarray(1);
  switch (frame[0]) {
    case 0x4a:
      return channel === undefined
        ? parseItemJson(toText('item', payload))
        : parseJsonFor(toText('item', payload), channel);
    case 0x54:
      return parseItemObject(parseTnetstring(payload), channel);
    default:
      throw new GripError('invalid_item', 'a frame must start with J or T', { field: 'frame' });
  }
}

function parseJsonFor(text: string, channel: string): PublishItem {
  try {
    return parseItemObject(readJson('item', text), channel);
  } catch (cause) {
    if (cause instanceof GripError && cause.code !== 'invalid_field') throw cause;
    throw new GripError('invalid_item', 'item is not JSON', { field: 'item', cause });
  }
}
