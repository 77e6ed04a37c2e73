import { GripError } from '../errors.ts';

/** What JSON can express, and bytes: tnetstrings have them. */
export type Json = null | boolean | number | string | Uint8Array | Json[] | JsonObject;

/** An object of {@link Json}; a key that is not there reads as `undefined`. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

function wrong(field: string, expected: string): GripError {
  return new GripError('invalid_field', `${field} must be ${expected}`, { field });
}

export function readJson(field: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new GripError('invalid_field', `${field} is not JSON`, { field, cause });
  }
}

export function readObject(field: string, value: Json | undefined): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) {
    throw wrong(field, 'an object');
  }
  return value;
}

export function readList(field: string, value: Json | undefined): Json[] {
  if (!Array.isArray(value)) throw wrong(field, 'a list');
  return value;
}

export function readNumber(field: string, value: Json | undefined): number {
  if (typeof value !== 'number') throw wrong(field, 'a number');
  return value;
}

export function readString(field: string, value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
    } catch (cause) {
      throw new GripError('invalid_field', `${field} is not valid UTF-8`, { field, cause });
    }
  }
  throw wrong(field, 'a string');
}

/** Headers are an object or a list of pairs; repeated names are joined as `Headers` joins them. */
export function readPairs(value: Json | undefined): Record<string, string> | undefined {
  if (value === undefined) return undefined;
  const pairs = Array.isArray(value)
    ? value.map((pair) => readList('header', pair))
    : Object.entries(readObject('headers', value));
  // A map, so that a header named like a member of Object is a header and nothing else.
  const headers = new Map<string, string>();
  for (const [name, text] of pairs) {
    const key = readString('header name', name);
    const value = readString(`header ${key}`, text);
    const known = headers.get(key);
    headers.set(key, known === undefined ? value : `${known}, ${value}`);
  }
  return Object.fromEntries(headers);
}
