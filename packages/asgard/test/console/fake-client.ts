import type { McpClient } from '../../src/console/mcp-client.ts';

/** A client of a server that offers nothing, but for what is given. */
export function createFakeClient(parts: Partial<McpClient> = {}): McpClient {
  return {
    listTools: async () => [],
    listResources: async () => [],
    readResource: async () => ({ contents: [] }),
    listPrompts: async () => [],
    getPrompt: async () => ({ messages: [] }),
    watchResource: async () => undefined,
    callTool: async () => undefined,
    ...parts,
  };
}
