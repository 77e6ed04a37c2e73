/** One request to a server that is reached as a stream of bytes. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; of two with one name the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** HTTP/1.0 (RFC 1945): the answer comes in one piece and ends with the connection. */
export function formatHttpRequest({ method, path, headers, body = '' }: HttpRequest): string {
  const all = { host: 'localhost', connection: 'close', ...headers, 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${[`${method} ${path} HTTP/1.0`, ...lines].join('\r\n')}\r\n\r\n${body}`;
}

/** Undefined when it is no whole answer. A line end at its very end may be missing: who runs programs takes it off. */
export function parseHttpAnswer(printed: string): HttpAnswer | undefined {
  const text = printed.includes('\r\n\r\n') ? printed : `${printed}\r\n`;
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, Math.max(end, 0)).split('\r\n');
  const [, status] = /^HTTP\/1\.[01] (\d{3})\b/.exec(first) ?? [];
  if (end < 0 || status === undefined) return undefined;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^([^:]+):[ \t]*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) headers[name.toLowerCase()] = value;
  }
  // In pieces with lengths between them, which nobody has asked for.
  if (headers['transfer-encoding'] !== undefined) return undefined;
  const body = text.slice(end + 4);
  if (Buffer.byteLength(body) + 2 < Number(headers['content-length'] ?? 0)) return undefined;
  return { status: Number(status), headers, body };
}
