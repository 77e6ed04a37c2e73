export interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
};
const CALL = { name: 'tool_0', arguments: { text: 'Hello, Asgard', count: 3, flag: true, kind: 'small' } };
const COMMON = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** The requests that are measured, as a client of 2026-07-28 sends them, or of the revision that a peer knows. */
export function makeRequest(
  what: 'call' | 'list',
  { legacy, token }: { legacy: boolean; token: string | undefined },
): HttpRequest {
  const method = what === 'call' ? 'tools/call' : 'tools/list';
  const params = what === 'call' ? CALL : {};
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  if (legacy) {
    return {
      headers: { ...COMMON, 'mcp-protocol-version': '2025-11-25', ...authorization },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    };
  }
  return {
    headers: {
      ...COMMON,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(what === 'call' && { 'mcp-name': CALL.name }),
      ...authorization,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: ENVELOPE } }),
  };
}

/** @throws Error when the answer is not what was asked for */
export function assertAnswer(what: 'call' | 'list', status: number, text: string): void {
  const expected = what === 'call' ? 'Hello, Asgard 3' : '"tool_0"';
  if (status !== 200 || !text.includes(expected)) throw new Error(`unexpected answer ${status}: ${text.slice(0, 200)}`);
}
