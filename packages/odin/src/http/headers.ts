import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { RPC } from '../protocol/vocabulary.ts';
import type { HttpRequest } from './message.ts';
import { trimOws } from './ows.ts';
import { type Refusal, refuseWith } from './refusal.ts';

/** Which body member the `Mcp-Name` header mirrors (MCP 2026-07-28, basic/transports, "Standard Request Headers"). */
const NAMED_BY: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
]);

const BASE64_SENTINEL = /^=\?base64\?((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)\?=$/;

/**
 * The headers that gateways route by must say what the body says; else a rule for one tool could be passed with the
 * body of another. Asked of 2026-07-28 requests only.
 */
export function checkStandardHeaders(
  request: HttpRequest,
  message: { readonly method: string; readonly id: string | number; readonly params?: unknown },
): Refusal | undefined {
  const mismatch = (header: string, body: string): Refusal =>
    refuseWith({
      status: 400,
      code: RPC.headerMismatch,
      message: `Bad Request: the request headers and body disagree: ${body}`,
      data: { mismatch: { header, body } },
      id: message.id,
    });
  if (request.header('mcp-protocol-version') === undefined) {
    return mismatch(
      '(missing)',
      'the body names a protocol version but the required MCP-Protocol-Version header is absent',
    );
  }
  if (request.header('mcp-method') === undefined) {
    return mismatch(
      '(missing)',
      `the body names method ${message.method} but the required Mcp-Method header is absent`,
    );
  }
  return checkName(request.header('mcp-name'), message, mismatch);
}

function checkName(
  header: string | undefined,
  message: { readonly method: string; readonly params?: unknown },
  mismatch: (header: string, body: string) => Refusal,
): Refusal | undefined {
  const member = NAMED_BY.get(message.method);
  if (member === undefined) return undefined;
  const params: JsonObject = isJsonObject(message.params) ? message.params : {};
  const named = params[member];
  if (header === undefined) {
    return typeof named === 'string'
      ? mismatch(
          '(missing)',
          `the body carries params.${member}=${JSON.stringify(named)} but the required Mcp-Name header is absent`,
        )
      : undefined;
  }
  const decoded = decodeHeaderValue(trimOws(header));
  if (decoded === undefined) return mismatch(header, 'the Mcp-Name header carries an invalid Base64 sentinel value');
  return typeof named === 'string' && decoded !== named
    ? mismatch(
        header,
        `the body carries params.${member}=${JSON.stringify(named)} but the Mcp-Name header names ${JSON.stringify(decoded)}`,
      )
    : undefined;
}

/** A header value as sent, or the text inside its `=?base64?…?=` form; undefined when that form is broken. */
export function decodeHeaderValue(value: string): string | undefined {
  if (!value.startsWith('=?base64?') || !value.endsWith('?=')) return value;
  const encoded = BASE64_SENTINEL.exec(value)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0)),
    );
  } catch {
    return undefined;
  }
}
