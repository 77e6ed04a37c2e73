import { GripError } from '../errors.ts';
import { formatBase64, parseBase64, toBytes, toTextOrBytes } from './bytes.ts';
import { checkField, findParameter, formatSeconds, GRIP_HEADERS, parseParameterized, parseSeconds } from './fields.ts';

/** What the proxy writes to a held stream by itself. */
export interface KeepAlive {
  /** The data; for server-sent events a comment such as `:\n\n`. Parsing gives a string whenever the bytes are UTF-8. */
  readonly data: string | Uint8Array;
  /** `idle`: after so many seconds without an item. `interval`: each so many seconds. */
  readonly mode: 'idle' | 'interval';
  /** Whole seconds; the proxy takes up to one random second off. */
  readonly timeoutSeconds: number;
}

/** Seconds that the proxy uses when the header names none. */
export const DEFAULT_KEEP_ALIVE_SECONDS = 55;

const BACKSLASH = 0x5c;
const SEMICOLON = 0x3b;

/** Writes the value of `Grip-Keep-Alive`, in the most readable of the formats raw, cstring and base64 that keeps every byte. */
export function formatKeepAlive(keepAlive: KeepAlive): string {
  const bytes = toBytes(keepAlive.data);
  const field = GRIP_HEADERS.keepAlive;
  if (bytes.length === 0) throw new GripError('illegal_value', 'keep-alive data must not be empty', { field });
  if (keepAlive.mode !== 'idle' && keepAlive.mode !== 'interval') {
    throw new GripError(
      'illegal_value',
      `keep-alive mode must be 'idle' or 'interval', not ${String(keepAlive.mode)}`,
      { field },
    );
  }
  const timeout = formatSeconds('keep-alive timeout', keepAlive.timeoutSeconds);
  return checkField(field, `${formatData(bytes)}; timeout=${timeout}; mode=${keepAlive.mode}`);
}

function formatData(bytes: Uint8Array): string {
  const cstring = formatCString(bytes);
  if (cstring.length === bytes.length) return `${cstring}; format=raw`;
  const base64 = formatBase64(bytes);
  return cstring.length <= 2 * base64.length ? `${cstring}; format=cstring` : `${base64}; format=base64`;
}

/** Escapes what a header value or the parameter syntax would change. */
function formatCString(bytes: Uint8Array): string {
  let text = '';
  for (const [at, byte] of bytes.entries()) {
    const edgeSpace = byte === 0x20 && (at === 0 || at === bytes.length - 1);
    if (byte === 0x0d) text += '\\r';
    else if (byte === 0x0a) text += '\\n';
    else if (byte === BACKSLASH) text += '\\\\';
    else if (byte < 0x20 || byte > 0x7e || byte === SEMICOLON || edgeSpace) {
      text += `\\x${byte.toString(16).padStart(2, '0')}`;
    } else text += String.fromCharCode(byte);
  }
  return text;
}

function parseCString(text: string): Uint8Array {
  const field = GRIP_HEADERS.keepAlive;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '\\') {
      bytes.push(text.charCodeAt(at) & 0xff);
      continue;
    }
    const kind = text[++at];
    const hex = text.slice(at + 1, at + 3);
    if (kind === '\\') bytes.push(BACKSLASH);
    else if (kind === 'r') bytes.push(0x0d);
    else if (kind === 'n') bytes.push(0x0a);
    else if (kind === 'x' && /^[0-9a-f]{2}$/i.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      at += 2;
    } else throw new GripError('invalid_field', `${field} has an unknown cstring escape at character ${at}`, { field });
  }
  return Uint8Array.from(bytes);
}

/** Reads the value of `Grip-Keep-Alive`. Throws on an unknown mode, format or cstring escape, and on empty data. */
export function parseKeepAlive(text: string): KeepAlive {
  const field = GRIP_HEADERS.keepAlive;
  const parsed = parseParameterized(field, text);
  const mode = findParameter(parsed, 'mode') || 'idle';
  const timeout = findParameter(parsed, 'timeout');
  if (parsed.value === '') throw new GripError('invalid_field', `${field} has no data`, { field });
  if (mode !== 'idle' && mode !== 'interval') {
    throw new GripError('invalid_field', `${field} has an unknown mode ${JSON.stringify(mode)}`, { field });
  }
  return {
    data: toTextOrBytes(parseData(parsed.value, findParameter(parsed, 'format') || 'raw')),
    mode,
    timeoutSeconds: timeout === undefined ? DEFAULT_KEEP_ALIVE_SECONDS : parseSeconds(`${field} timeout`, timeout),
  };
}

function parseData(data: string, format: string): Uint8Array {
  const field = GRIP_HEADERS.keepAlive;
  if (format === 'raw') return Uint8Array.from(data, (char) => char.charCodeAt(0) & 0xff);
  if (format === 'cstring') return parseCString(data);
  if (format === 'base64') return parseBase64(field, data);
  throw new GripError('invalid_field', `${field} has an unknown format ${JSON.stringify(format)}`, { field });
}
