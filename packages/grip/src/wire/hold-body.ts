import { GripError } from '../errors.ts';
import { formatBase64, parseBase64 } from './bytes.ts';
import { checkChannelName, checkChannels, checkId, type HoldChannel } from './channel.ts';
import { checkField, formatSeconds, GRIP_HEADERS } from './fields.ts';
import { checkHold, type HoldInstruction, parseHoldHeaders } from './hold.ts';
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
import { DEFAULT_KEEP_ALIVE_SECONDS, formatKeepAlive } from './keep-alive.ts';
import { formatLinks, parseLinks } from './link.ts';
import { checkReason, checkStatusCode, type HoldStatus } from './status.ts';

/** The content type of a hold that is written as a JSON body. */
export const GRIP_INSTRUCT_TYPE = 'application/grip-instruct';

/** The response that the client gets while it is held. Its status is the instruction's `status`. */
export interface HeldResponse {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A hold as the origin sends it with status 200. */
export interface HoldBody {
  /** Lower-case names: the content type, and the parts that have no place in the JSON (keep-alive mode, links). */
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * Writes a hold as an `application/grip-instruct` body. Unlike headers, it can carry any Unicode text in `meta`.
 * Keep-alive goes into its header all the same: Pushpin takes the mode from nowhere else.
 * @throws {@link GripError} as `formatHoldHeaders`.
 */
export function formatHoldBody(hold: HoldInstruction, response: HeldResponse = {}): HoldBody {
  checkHold(hold);
  checkChannels(hold.channels);
  if (hold.exposeHeaders) {
    throw new GripError('illegal_value', 'exposeHeaders is for origin headers; here the response names its own', {
      field: 'exposeHeaders',
    });
  }
  const headers: Record<string, string> = { 'content-type': GRIP_INSTRUCT_TYPE };
  if (hold.keepAlive) headers[GRIP_HEADERS.keepAlive] = formatKeepAlive(hold.keepAlive);
  if (hold.next || hold.gone) headers[GRIP_HEADERS.link] = checkField(GRIP_HEADERS.link, formatLinks(hold));
  const timeout = hold.timeoutSeconds;
  const document = {
    hold: {
      mode: hold.mode,
      channels: hold.channels.map(formatChannelObject),
      ...(timeout === undefined ? {} : { timeout: Number(formatSeconds('hold timeout', timeout)) }),
      ...(hold.meta ? { meta: hold.meta } : {}),
    },
    response: { ...formatStatusObject(hold.status), ...formatResponse(response) },
  };
  return { headers, body: JSON.stringify(document) };
}

function formatChannelObject({ name, prevId, filters = [] }: HoldChannel): JsonObject {
  return {
    name: checkChannelName(name),
    ...(prevId === undefined ? {} : { 'prev-id': checkId('prev-id', prevId) }),
    ...(filters.length === 0 ? {} : { filters: filters.map((filter) => checkId('filter', filter)) }),
  };
}

function formatStatusObject(status: HoldStatus | undefined): JsonObject {
  if (!status) return {};
  const code = checkStatusCode('status code', status.code);
  return status.reason === undefined ? { code } : { code, reason: checkReason('reason', status.reason) };
}

function formatResponse({ headers, body }: HeldResponse): JsonObject {
  return {
    ...(headers ? { headers } : {}),
    ...(typeof body === 'string' ? { body } : {}),
    ...(body instanceof Uint8Array ? { 'body-bin': formatBase64(body) } : {}),
  };
}

/**
 * Reads an `application/grip-instruct` response, together with the GRIP headers it came with.
 * @returns `hold` is absent when the body has none: the response is then sent and ended.
 * @throws {@link GripError} `invalid_field`.
 */
export function parseHoldBody(
  headers: Headers,
  body: string,
): { hold?: HoldInstruction; response: HeldResponse; status: HoldStatus } {
  const document = readObject('instruct', readJson('instruct', body));
  const response = readObject('response', document.response ?? {});
  const code = response.code === undefined ? 200 : readNumber('response code', response.code);
  if (!Number.isInteger(code) || code < 200 || code > 599) {
    throw new GripError('invalid_field', `response code ${code} is not a status from 200 to 599`, { field: 'code' });
  }
  const reason = response.reason === undefined ? '' : readString('reason', response.reason);
  const status: HoldStatus = reason === '' ? { code } : { code, reason };
  const parsed = { response: parseResponse(response), status };
  if (document.hold === undefined) return parsed;
  const hold = parseHold(readObject('hold', document.hold), headers);
  const explicit = response.code !== undefined || reason !== '';
  return { ...parsed, hold: explicit ? { ...hold, status } : hold };
}

function parseHold(hold: JsonObject, headers: Headers): HoldInstruction {
  const mode = hold.mode === undefined ? 'response' : readString('hold mode', hold.mode);
  if (mode !== 'stream' && mode !== 'response') {
    throw new GripError('invalid_field', `hold mode must be 'stream' or 'response', not ${JSON.stringify(mode)}`, {
      field: 'mode',
    });
  }
  const withMode = new Headers([...headers].filter(([name]) => name.startsWith('grip-')));
  withMode.set(GRIP_HEADERS.hold, mode);
  const fromHeaders = parseHoldHeaders(withMode);
  const timeout = hold.timeout === undefined ? undefined : readNumber('hold timeout', hold.timeout);
  const keepAlive = fromHeaders?.keepAlive ?? parseKeepAliveObject(hold['keep-alive']);
  const meta = { ...fromHeaders?.meta, ...readMeta(hold.meta) };
  return {
    mode,
    channels: readList('channels', hold.channels).map(parseChannelObject),
    ...(timeout !== undefined && mode === 'response' ? { timeoutSeconds: timeout } : {}),
    ...(keepAlive ? { keepAlive } : {}),
    ...parseLinks(headers.get(GRIP_HEADERS.link) ?? ''),
    ...(Object.keys(meta).length > 0 ? { meta } : {}),
  };
}

function parseChannelObject(value: Json): HoldChannel {
  const channel = readObject('channel', value);
  const name = readString('channel name', channel.name);
  const prevId = channel['prev-id'] === undefined ? '' : readString('prev-id', channel['prev-id']);
  const filters = channel.filters === undefined ? [] : readList('filters', channel.filters);
  return {
    name,
    ...(prevId === '' ? {} : { prevId }),
    ...(filters.length === 0 ? {} : { filters: filters.map((filter) => readString('filter', filter)) }),
  };
}

function parseKeepAliveObject(value: Json | undefined): HoldInstruction['keepAlive'] {
  if (value === undefined) return undefined;
  const { content, timeout, 'content-bin': binary } = readObject('keep-alive', value);
  return {
    data:
      binary === undefined
        ? readString('keep-alive content', content)
        : parseBase64('keep-alive', readString('content-bin', binary)),
    mode: 'idle',
    timeoutSeconds: timeout === undefined ? DEFAULT_KEEP_ALIVE_SECONDS : readNumber('keep-alive timeout', timeout),
  };
}

function readMeta(value: Json | undefined): Record<string, string> {
  const entries = Object.entries(value === undefined ? {} : readObject('meta', value));
  return Object.fromEntries(entries.map(([key, text]) => [key, readString(`meta ${key}`, text)]));
}

function parseResponse(response: JsonObject): HeldResponse {
  const headers = readPairs(response.headers);
  const binary = response['body-bin'];
  const body =
    binary === undefined
      ? response.body === undefined
        ? undefined
        : readString('body', response.body)
      : parseBase64('body-bin', readString('body-bin', binary));
  return { ...(headers ? { headers } : {}), ...(body === undefined ? {} : { body }) };
}
