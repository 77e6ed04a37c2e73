import type { CreateMcpClient, McpClient } from './mcp-client.ts';

/** The SDK's client, loaded when it is first needed: most of a start's time would go there. */
export const createLazyClient: CreateMcpClient = (options) => {
  let loading: Promise<McpClient> | undefined;
  const load = (): Promise<McpClient> => {
    loading ??= import('./sdk-client.ts').then(({ createSdkClient }) => createSdkClient(options));
    return loading;
  };
  return {
    listTools: async (signal) => (await load()).listTools(signal),
    listResources: async (signal) => (await load()).listResources(signal),
    readResource: async (uri, signal) => (await load()).readResource(uri, signal),
    listPrompts: async (signal) => (await load()).listPrompts(signal),
    getPrompt: async (name, args, signal) => (await load()).getPrompt(name, args, signal),
    watchResource: async (watch) => (await load()).watchResource(watch),
    callTool: async (call) => (await load()).callTool(call),
  };
};
