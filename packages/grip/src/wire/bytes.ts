import { GripError } from '../errors.ts';

const CHUNK = 0x8000;
const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes of a text; bytes stay what they are. */
export function toBytes(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? encoder.encode(data) : data;
}

/** The text of the bytes when they are valid UTF-8, otherwise the bytes themselves. */
export function toTextOrBytes(bytes: Uint8Array): string | Uint8Array {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return bytes;
  }
}

/** The text of the bytes; throws a {@link GripError} with the given field when they are not UTF-8. */
export function toText(field: string, bytes: Uint8Array): string {
  const text = toTextOrBytes(bytes);
  if (typeof text !== 'string') throw new GripError('invalid_item', `${field} is not valid UTF-8`, { field });
  return text;
}

/** Standard base64 with padding. */
export function formatBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(binary);
}

/** Reads standard base64 and base64url, padded or not. */
export function parseBase64(field: string, text: string): Uint8Array {
  let binary: string;
  try {
    binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  } catch (cause) {
    throw new GripError('invalid_field', `${field} is not valid base64`, { field, cause });
  }
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

/** Joins byte arrays. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Length of a text in UTF-8, without making the bytes when it is ASCII. */
export function byteLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII has them
  return /^[\x00-\x7f]*$/.test(text) ? text.length : encoder.encode(text).length;
}
