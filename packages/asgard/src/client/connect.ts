import { type CallToolResult, Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Connection, ConnectOptions, ToolResult } from './connection.ts';
import { explain } from './explain.ts';

/**
 * Connects the MCP SDK's client, in the newest protocol that the server speaks.
 *
 * @throws AsgardError `connect_failed`, and from what it gives also `call_failed`, `timed_out`, `cancelled`
 */
export async function connect({ url, token, version, signal }: ConnectOptions): Promise<Connection> {
  const client = new Client({ name: 'asgard', version }, { versionNegotiation: { mode: 'auto' } });
  const authorization = token === undefined ? {} : { authProvider: { token: async () => token } };
  const transport = new StreamableHTTPClientTransport(new URL(url), authorization);
  const attempt = { url, token, signal };
  try {
    await client.connect(transport, { signal });
  } catch (error) {
    throw explain(error, { ...attempt, what: 'connect' });
  }
  return {
    async listTools() {
      // Without this question the SDK prints a remark of its own.
      if (client.getServerCapabilities()?.tools === undefined) return [];
      try {
        const { tools } = await client.listTools(undefined, { signal });
        return tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
      } catch (error) {
        throw explain(error, { ...attempt, what: 'call' });
      }
    },
    async callTool(name, { args, timeoutMs, onProgress, signal: callSignal }) {
      try {
        const result: CallToolResult = await client.callTool(
          { name, arguments: { ...args } },
          { signal: callSignal, timeout: timeoutMs, resetTimeoutOnProgress: true, onprogress: onProgress },
        );
        return result as ToolResult;
      } catch (error) {
        throw explain(error, { ...attempt, signal: callSignal, what: 'call' });
      }
    },
    close: () => client.close(),
  };
}
