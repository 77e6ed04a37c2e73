import type { IncomingHttpHeaders } from 'node:http';
import type { GatewayAnswer } from './route.ts';

/** The answer to a call that no rule by headers could see (MCP 2026-07-28, basic/transports, "Standard Request Headers"). */
export const MISSING_HEADERS: Required<GatewayAnswer> = {
  status: 400,
  contentType: 'application/json',
  body: JSON.stringify({
    jsonrpc: '2.0',
    id: null,
    error: {
      code: -32_020,
      message: 'Bad Request: this revision needs the header Mcp-Method, and Mcp-Name for tools/call',
    },
  }),
};

/** Whether a request says enough of itself. Revisions before 2026 have no such headers. */
export function hasMcpHeaders(method: string, headers: IncomingHttpHeaders): boolean {
  const version = headers['mcp-protocol-version'];
  if (method !== 'POST' || typeof version !== 'string' || version < '2026') return true;
  const called = headers['mcp-method'];
  return called !== undefined && (called !== 'tools/call' || headers['mcp-name'] !== undefined);
}
