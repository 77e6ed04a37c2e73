/** One request of the corpus, as plain data, so that it can be sent twice and printed. */
export interface Case {
  /** Unique; the list of differences refers to it. */
  readonly name: string;
  readonly httpMethod?: string;
  readonly url?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A stream that stays open: only its first message is compared. */
  readonly endless?: boolean;
}

export const MODERN_VERSION = '2026-07-28';
export const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': MODERN_VERSION,
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'corpus', version: '0' },
} as const;

export const BASE_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

export interface Changes {
  readonly id?: unknown;
  /** Headers to add or replace; undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Further members of `_meta`; undefined takes one away. */
  readonly meta?: Readonly<Record<string, unknown>>;
  /** Further members of the JSON-RPC message; undefined takes one away. */
  readonly members?: Readonly<Record<string, unknown>>;
}

type Params = Readonly<Record<string, unknown>>;

/** A correct request of 2026-07-28, then changed. */
export function modern(name: string, method: string, params: Params = {}, changes: Changes = {}): Case {
  const named = params.name ?? params.uri;
  const message = {
    jsonrpc: '2.0',
    id: 'id' in changes ? changes.id : 1,
    method,
    params: { ...params, _meta: { ...ENVELOPE, ...changes.meta } },
    ...changes.members,
  };
  const headers = {
    ...BASE_HEADERS,
    'mcp-protocol-version': MODERN_VERSION,
    'mcp-method': method,
    ...(typeof named === 'string' && { 'mcp-name': headerText(named) }),
  };
  return raw(name, JSON.stringify(message), { ...headers, ...changes.headers });
}

/** A correct request of an older era without a session, then changed. */
export function legacy(name: string, method: string, params?: unknown, changes: Changes = {}): Case {
  const message = {
    jsonrpc: '2.0',
    id: 'id' in changes ? changes.id : 1,
    method,
    ...(params !== undefined && { params }),
    ...changes.members,
  };
  return raw(name, JSON.stringify(message), {
    ...BASE_HEADERS,
    'mcp-protocol-version': '2025-11-25',
    ...changes.headers,
  });
}

/** Any body with any headers. */
export function raw(name: string, body: string, headers: Readonly<Record<string, string | undefined>>): Case {
  const present = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { name, body, headers: Object.fromEntries(present) };
}

export function toRequest({ httpMethod = 'POST', url = 'http://localhost/mcp', headers, body }: Case): Request {
  return new Request(url, { method: httpMethod, headers, ...(body !== undefined && { body }) });
}

/** What clients do with names that are no header values (MCP 2026-07-28, basic/transports, "Header Encoding"). */
export function headerText(value: string): string {
  return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value) ? value : base64Sentinel(value);
}

export function base64Sentinel(value: string): string {
  return `=?base64?${Buffer.from(value, 'utf8').toString('base64')}?=`;
}
