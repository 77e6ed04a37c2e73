import { GripError } from '../errors.ts';
import { formatBase64, parseBase64, toTextOrBytes } from './bytes.ts';
import { checkChannelName, checkId } from './channel.ts';
import {
  type Json,
  type JsonObject,
  readJson,
  readList,
  readNumber,
  readObject,
  readPairs,
  readString,
} from './json.ts';
import { checkReason, checkStatusCode } from './status.ts';

/** What an item does to a held connection of its kind. */
export type ItemFormat =
  /** Adds bytes to a held stream. */
  | { readonly kind: 'http-stream'; readonly content: string | Uint8Array }
  /** `close` ends a held stream; `hint` makes the proxy ask the next link now. */
  | { readonly kind: 'http-stream'; readonly action: 'close' | 'hint' }
  /** Answers a held response. */
  | {
      readonly kind: 'http-response';
      readonly code?: number;
      readonly reason?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string | Uint8Array;
    };

/** One published item. */
export interface PublishItem {
  readonly channel: string;
  /** The proxy drops an id that it has seen on the channel within the last minute. */
  readonly id?: string;
  /** Id of the item before: the proxy waits for it, or asks the next link. */
  readonly prevId?: string;
  readonly format: ItemFormat;
  /** The same item for connections that are held in the other mode; of a different kind than `format`. */
  readonly alternative?: ItemFormat;
  /** Filters that a subscriber must have, or it does not get the item. */
  readonly contentFilters?: readonly string[];
  /** Delivered at once, outside the sequence. */
  readonly noSeq?: boolean;
  /** Values for filters. */
  readonly meta?: Readonly<Record<string, string>>;
}

/** How bytes appear: base64 in JSON, as themselves in a tnetstring. */
export type ItemEncoding = 'json' | 'tnetstring';

/** Writes an item as the object that every GRIP transport carries. */
export function formatItemObject(item: PublishItem, encoding: ItemEncoding = 'json'): JsonObject {
  const formats: JsonObject = {};
  for (const format of item.alternative ? [item.format, item.alternative] : [item.format]) {
    if (formats[format.kind]) {
      throw new GripError('illegal_value', `the alternative must not be of the kind ${format.kind} too`, {
        field: 'alternative',
      });
    }
    formats[format.kind] = formatFormat(format, item.contentFilters, encoding);
  }
  return {
    channel: checkChannelName(item.channel),
    ...(item.id === undefined ? {} : { id: checkId('id', item.id) }),
    ...(item.prevId === undefined ? {} : { 'prev-id': checkId('prev-id', item.prevId) }),
    formats,
    ...(item.meta ? { meta: { ...item.meta } } : {}),
    ...(item.noSeq ? { 'no-seq': true } : {}),
  };
}

function formatFormat(format: ItemFormat, filters: readonly string[] | undefined, encoding: ItemEncoding): JsonObject {
  if ('action' in format) return { action: format.action };
  const common =
    filters && filters.length > 0 ? { 'content-filters': filters.map((name) => checkId('content filter', name)) } : {};
  if (format.kind === 'http-stream') return { ...common, ...formatData('content', format.content, encoding) };
  return {
    ...common,
    ...(format.code === undefined ? {} : { code: checkStatusCode('code', format.code) }),
    ...(format.reason === undefined ? {} : { reason: checkReason('reason', format.reason) }),
    ...(format.headers ? { headers: { ...format.headers } } : {}),
    ...formatData('body', format.body, encoding),
  };
}

function formatData(field: string, data: string | Uint8Array, encoding: ItemEncoding): JsonObject {
  if (typeof data === 'string') {
    if (/\p{Surrogate}/u.test(data)) {
      throw new GripError('illegal_value', `${field} has half of a surrogate pair; it is not valid Unicode`, { field });
    }
    return { [field]: data };
  }
  return encoding === 'json' ? { [`${field}-bin`]: formatBase64(data) } : { [field]: data };
}

/** Writes an item as JSON. */
export function formatItemJson(item: PublishItem): string {
  return JSON.stringify(formatItemObject(item));
}

/**
 * Reads an item from JSON.
 * @throws {@link GripError} `invalid_item`, or `unsupported_item` when it is for other connections than held HTTP ones.
 */
export function parseItemJson(text: string): PublishItem {
  return parseItemObject(asItem(() => readJson('item', text)));
}

/** Reads an item from its object; `channel` replaces the one inside, as the first frame of a PUB socket does. */
export function parseItemObject(value: Json, channel?: string): PublishItem {
  return asItem(() => parseItem(readObject('item', value), channel));
}

function asItem<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (cause instanceof GripError && cause.code === 'invalid_field') {
      throw new GripError('invalid_item', cause.message, {
        cause,
        ...(cause.field === undefined ? {} : { field: cause.field }),
      });
    }
    throw cause;
  }
}

function parseItem(item: JsonObject, channel: string | undefined): PublishItem {
  const formats = item.formats === undefined ? item : readObject('formats', item.formats);
  const kinds = (['http-stream', 'http-response'] as const).filter((kind) => formats[kind] !== undefined);
  const [format, alternative] = kinds.map((kind) => parseFormat(kind, readObject(kind, formats[kind])));
  if (!format)
    throw new GripError('unsupported_item', 'the item has neither http-stream nor http-response', { field: 'formats' });
  const [filters] = kinds
    .map((kind) => readObject(kind, formats[kind])['content-filters'])
    .filter((list) => list !== undefined);
  const id = optional('id', item.id);
  const prevId = optional('prev-id', item['prev-id']);
  const meta = item.meta === undefined ? undefined : Object.entries(readObject('meta', item.meta));
  return {
    channel: channel ?? readString('channel', item.channel),
    ...(id ? { id } : {}),
    ...(prevId ? { prevId } : {}),
    format,
    ...(alternative ? { alternative } : {}),
    ...(filters === undefined
      ? {}
      : { contentFilters: readList('content-filters', filters).map((name) => readString('filter', name)) }),
    ...(item['no-seq'] === true ? { noSeq: true } : {}),
    ...(meta ? { meta: Object.fromEntries(meta.map(([key, text]) => [key, readString(`meta ${key}`, text)])) } : {}),
  };
}

function parseFormat(kind: ItemFormat['kind'], format: JsonObject): ItemFormat {
  const action = optional('action', format.action) ?? 'send';
  if (kind === 'http-stream' && (action === 'close' || action === 'hint')) return { kind, action };
  if (action !== 'send')
    throw new GripError('unsupported_item', `${kind} has an unknown action ${JSON.stringify(action)}`, {
      field: 'action',
    });
  if (kind === 'http-stream') return { kind, content: parseData('content', format) };
  const code = format.code === undefined ? undefined : readNumber('code', format.code);
  const reason = optional('reason', format.reason);
  const headers = readPairs(format.headers);
  return {
    kind,
    ...(code === undefined ? {} : { code }),
    ...(reason ? { reason } : {}),
    ...(headers ? { headers } : {}),
    body: parseData('body', format),
  };
}

function parseData(field: 'content' | 'body', format: JsonObject): string | Uint8Array {
  const binary = format[`${field}-bin`];
  if (binary !== undefined) return parseBase64(field, readString(`${field}-bin`, binary));
  const data = format[field];
  return data instanceof Uint8Array ? toTextOrBytes(data) : readString(field, data);
}

function optional(field: string, value: Json | undefined): string | undefined {
  return value === undefined ? undefined : readString(field, value);
}
