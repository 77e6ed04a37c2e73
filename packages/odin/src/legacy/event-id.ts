import type { RequestId } from '../protocol/answer.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';

/** The stream that a client opens by GET; every other stream is that of one call. */
export const OWN_STREAM = 'get';
/** Position before the first event. */
export const START = '0';
/** Position after the last event: there is nothing to come back for. */
export const END = 'end';

/** Where a client stands in one of its session's streams: what it sends as `Last-Event-ID`. */
export interface EventId {
  readonly sid: string;
  readonly stream: string;
  readonly position: string;
}

const EVENT_ID = /^([A-Za-z0-9_-]{1,64})\/([A-Za-z0-9_.-]{1,1024})\/([A-Za-z0-9-]{1,64})$/;

export function formatEventId({ sid, stream, position }: EventId): string {
  return `${sid}/${stream}/${position}`;
}

/** undefined for anything that no event of ours had. */
export function parseEventId(text: string): EventId | undefined {
  const [, sid, stream, position] = EVENT_ID.exec(text) ?? [];
  return sid !== undefined && stream !== undefined && position !== undefined ? { sid, stream, position } : undefined;
}

/** The stream of one call: names the process that runs it and the request that it answers. */
export interface CallStream {
  readonly epoch: string;
  readonly key: string;
  readonly id: RequestId;
}

export function formatCallStream({ epoch, key, id }: CallStream): string {
  return `${epoch}.${key}.${toBase64Url(new TextEncoder().encode(JSON.stringify(id)))}`;
}

export function parseCallStream(stream: string): CallStream | undefined {
  const [epoch = '', key = '', encoded = '', ...rest] = stream.split('.');
  const bytes = rest.length === 0 ? fromBase64Url(encoded) : undefined;
  if (!bytes || epoch === '' || key === '') return undefined;
  try {
    const id: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof id === 'string' || typeof id === 'number' ? { epoch, key, id } : undefined;
  } catch {
    return undefined;
  }
}

/** Longest stream name that can be read back. A request with a longer id is answered, but cannot be resumed. */
export const MAX_STREAM_NAME = 1_024;
