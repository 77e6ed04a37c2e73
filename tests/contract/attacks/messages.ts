const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
  'io.modelcontextprotocol/clientInfo': { name: 'attacker', version: '0' },
};

export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A correct 2026-07-28 request. */
export function message(method: string, params: Record<string, unknown> = {}): Message {
  const name = params.name ?? params.uri;
  return {
    headers: {
      ...{ host: 'localhost', 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      ...{ 'mcp-protocol-version': '2026-07-28', 'mcp-method': method },
      ...(typeof name === 'string' && { 'mcp-name': name }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: META } }),
  };
}

export function callTool(name: string, more: Record<string, unknown> = {}): Message {
  return message('tools/call', { name, arguments: {}, ...more });
}

/** A 2025-11-25 message. */
export function legacyMessage(body: object, headers: Readonly<Record<string, string>> = {}): Message {
  return {
    headers: {
      ...{ host: 'localhost', 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      ...{ 'mcp-protocol-version': '2025-11-25', ...headers },
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...body }),
  };
}
