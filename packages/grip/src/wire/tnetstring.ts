import { GripError } from '../errors.ts';
import { concatBytes, toBytes, toText } from './bytes.ts';
import type { Json, JsonObject } from './json.ts';

const COLON = 0x3a;
const MAX_DEPTH = 16;

/** Writes a value as a tnetstring; text is written as its UTF-8 bytes. */
export function formatTnetstring(value: Json): Uint8Array {
  if (value === null) return frame(new Uint8Array(), '~');
  if (typeof value === 'boolean') return frame(toBytes(String(value)), '!');
  if (typeof value === 'number') return frame(toBytes(String(value)), Number.isSafeInteger(value) ? '#' : '^');
  if (typeof value === 'string') return frame(toBytes(value), ',');
  if (value instanceof Uint8Array) return frame(value, ',');
  if (Array.isArray(value)) return frame(concatBytes(value.map(formatTnetstring)), ']');
  const parts = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [formatTnetstring(key), formatTnetstring(item)],
  );
  return frame(concatBytes(parts), '}');
}

function frame(payload: Uint8Array, type: string): Uint8Array {
  return concatBytes([toBytes(`${payload.length}:`), payload, toBytes(type)]);
}

/** Reads one tnetstring that fills the bytes exactly; strings stay bytes, keys become text. */
export function parseTnetstring(bytes: Uint8Array): Json {
  const { value, end } = readValue(bytes, 0, 0);
  if (end !== bytes.length) throw malformed('has trailing bytes');
  return value;
}

function malformed(what: string): GripError {
  return new GripError('invalid_item', `tnetstring ${what}`, { field: 'tnetstring' });
}

function readValue(bytes: Uint8Array, start: number, depth: number): { value: Json; end: number } {
  if (depth > MAX_DEPTH) throw malformed('is nested too deep');
  const colon = bytes.subarray(start, start + 11).indexOf(COLON) + start;
  const digits = String.fromCharCode(...bytes.subarray(start, Math.max(colon, start)));
  if (!/^(?:0|[1-9]\d{0,9})$/.test(digits)) throw malformed('has no valid length');
  const from = colon + 1;
  const to = from + Number(digits);
  if (to >= bytes.length) throw malformed('is shorter than it says');
  return { value: readPayload(bytes.subarray(from, to), bytes[to] ?? 0, depth), end: to + 1 };
}

function readPayload(payload: Uint8Array, type: number, depth: number): Json {
  switch (String.fromCharCode(type)) {
    case ',':
      return payload;
    case '#':
    case '^':
      return readNumber(payload);
    case '!':
      return readBoolean(payload);
    case '~':
      if (payload.length > 0) throw malformed('has a null with content');
      return null;
    case ']':
      return readItems(payload, depth);
    case '}':
      return readEntries(payload, depth);
    default:
      throw malformed(`has an unknown type ${type}`);
  }
}

function readNumber(payload: Uint8Array): number {
  const text = toText('tnetstring number', payload);
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) throw malformed('has a malformed number');
  return number;
}

function readBoolean(payload: Uint8Array): boolean {
  const text = toText('tnetstring boolean', payload);
  if (text !== 'true' && text !== 'false') throw malformed('has a malformed boolean');
  return text === 'true';
}

function readItems(payload: Uint8Array, depth: number): Json[] {
  const items: Json[] = [];
  for (let at = 0; at < payload.length; ) {
    const { value, end } = readValue(payload, at, depth + 1);
    items.push(value);
    at = end;
  }
  return items;
}

function readEntries(payload: Uint8Array, depth: number): JsonObject {
  const items = readItems(payload, depth);
  const entries: [string, Json][] = [];
  for (let at = 0; at < items.length; at += 2) {
    const [key, value] = items.slice(at, at + 2);
    if (!(key instanceof Uint8Array) || value === undefined) throw malformed('has a malformed dictionary');
    entries.push([toText('tnetstring key', key), value]);
  }
  return Object.fromEntries(entries);
}
