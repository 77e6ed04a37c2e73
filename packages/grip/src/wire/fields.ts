import { GripError } from '../errors.ts';
import { MAX_FIELD_LENGTH, MAX_TIMEOUT_SECONDS, MAX_TOKEN_LENGTH } from './limits.ts';

/** Names of the GRIP header fields, in the lower-case form that `Headers` and HTTP/2 use. */
export const GRIP_HEADERS = {
  hold: 'grip-hold',
  channel: 'grip-channel',
  timeout: 'grip-timeout',
  keepAlive: 'grip-keep-alive',
  link: 'grip-link',
  setMeta: 'grip-set-meta',
  status: 'grip-status',
  exposeHeaders: 'grip-expose-headers',
  last: 'grip-last',
  sig: 'grip-sig',
  feature: 'grip-feature',
} as const;

/** Whether a header name belongs to GRIP, so that it must never be trusted from a client or leak to one. */
export function isGripHeader(name: string): boolean {
  return name.slice(0, 5).toLowerCase() === 'grip-';
}

/** One element of a structured header: a value and its parameters, names in lower case. */
export interface ParameterizedValue {
  readonly value: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

const VISIBLE_ASCII = /^[\x20-\x7e]*$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const BARE_VALUE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z:/@?=()[\]{}<>]+$/;

/** Refuses what no header field can carry. Returns the text, so that it can be used in an expression. */
export function checkText(field: string, text: string, maxLength: number = MAX_TOKEN_LENGTH): string {
  if (typeof text !== 'string') throw new GripError('illegal_value', `${field} must be a string`, { field });
  if (text.length > maxLength) {
    throw new GripError('value_too_long', `${field} has ${text.length} characters, the limit is ${maxLength}`, {
      field,
    });
  }
  if (!VISIBLE_ASCII.test(text)) {
    throw new GripError('illegal_value', `${field} may only have printable ASCII characters, no CR, LF or others`, {
      field,
    });
  }
  return text;
}

/** Refuses anything but an RFC 9110 token: names of headers, meta keys, filters. */
export function checkToken(field: string, text: string): string {
  checkText(field, text);
  if (!TOKEN.test(text)) {
    throw new GripError(
      'illegal_value',
      `${field} ${JSON.stringify(text)} must be a token (letters, digits, - _ . and the like)`,
      {
        field,
      },
    );
  }
  return text;
}

/** Refuses a finished header value that proxies would not buffer. */
export function checkField(field: string, value: string): string {
  return checkText(field, value, MAX_FIELD_LENGTH);
}

/** Writes whole seconds; refuses fractions, negative and absurd numbers. */
export function formatSeconds(field: string, seconds: number, min = 1): string {
  if (!Number.isSafeInteger(seconds) || seconds < min || seconds > MAX_TIMEOUT_SECONDS) {
    throw new GripError(
      'illegal_value',
      `${field} must be whole seconds from ${min} to ${MAX_TIMEOUT_SECONDS}, not ${seconds}`,
      {
        field,
      },
    );
  }
  return String(seconds);
}

/** Reads whole seconds. */
export function parseSeconds(field: string, text: string, min = 0): number {
  const seconds = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds >= min && seconds <= MAX_TIMEOUT_SECONDS)) {
    throw new GripError('invalid_field', `${field} ${JSON.stringify(text)} is not a number of whole seconds`, {
      field,
    });
  }
  return seconds;
}

/** Writes `name=value`, with the value quoted when it has to be. */
export function formatParameter(name: string, value: string): string {
  return `${name}=${BARE_VALUE.test(value) ? value : quote(value)}`;
}

/** Writes a quoted string. */
export function quote(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** Splits a header value at the commas outside quotes. */
export function splitList(field: string, text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (quoted && char === '\\') at++;
    else if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  if (quoted) throw new GripError('invalid_field', `${field} has an unterminated quote`, { field });
  if (text.slice(start).trim() !== '') parts.push(text.slice(start).trim());
  return parts;
}

/** Reads `value; name=value; name="quoted"`. The first value ends at the first semicolon, as in Pushpin. */
export function parseParameterized(field: string, text: string): ParameterizedValue {
  const end = text.indexOf(';');
  if (end < 0) return { value: text.trim(), parameters: [] };
  return { value: text.slice(0, end).trim(), parameters: parseParameters(field, text.slice(end + 1)) };
}

/** Reads `name=value; name="quoted"; flag`. */
export function parseParameters(field: string, text: string): [name: string, value: string][] {
  const parameters: [string, string][] = [];
  let at = 0;
  while (at < text.length) {
    const equals = text.indexOf('=', at);
    const semicolon = indexOrEnd(text, ';', at);
    if (equals < 0 || equals > semicolon) {
      const flag = text.slice(at, semicolon).trim();
      if (flag !== '') parameters.push([flag, '']);
      at = semicolon + 1;
      continue;
    }
    const name = text.slice(at, equals).trim();
    const { value, next } = readValue(field, text, equals + 1);
    parameters.push([name, value]);
    at = next;
  }
  return parameters;
}

function readValue(field: string, text: string, start: number): { value: string; next: number } {
  if (text[start] !== '"') {
    const end = indexOrEnd(text, ';', start);
    return { value: text.slice(start, end).trim(), next: end + 1 };
  }
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '"') return { value, next: indexOrEnd(text, ';', at) + 1 };
    value += char === '\\' ? (text[++at] ?? '') : char;
  }
  throw new GripError('invalid_field', `${field} has an unterminated quote`, { field });
}

function indexOrEnd(text: string, char: string, from: number): number {
  const at = text.indexOf(char, from);
  return at < 0 ? text.length : at;
}

/** The value of the first parameter of that name (names are compared without case), if there is one. */
export function findParameter(parsed: ParameterizedValue, name: string): string | undefined {
  return parsed.parameters.find(([candidate]) => candidate.toLowerCase() === name)?.[1];
}
