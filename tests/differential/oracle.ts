import {
  type CallToolResult,
  completable,
  createMcpHandler,
  McpServer,
  ResourceTemplate,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import {
  BYTES,
  type Call,
  EXTENSION,
  explanation,
  INSTRUCTIONS,
  noteOf,
  type OfferedTool,
  SERVER,
  SUM,
  startingWith,
  sumOf,
  TODAY,
  TOOLS,
} from './offer.ts';

/** The offer, served by the SDK's own HTTP handler. */
export function createOracle(): (request: Request) => Promise<Response> {
  const handler = createMcpHandler(() => {
    const server = new McpServer(SERVER, {
      instructions: INSTRUCTIONS,
      capabilities: {
        logging: {},
        resources: { subscribe: true },
        extensions: { [EXTENSION.id]: EXTENSION.settings },
      },
    });
    for (const tool of TOOLS) addTool(server, tool);
    addResources(server);
    addPrompts(server);
    server.server.setRequestHandler('charts/sum', { params: SUM, result: z.looseObject({}) }, sumOf);
    server.server.setRequestHandler('charts/fail', { params: z.looseObject({}), result: z.looseObject({}) }, () => {
      throw new Error('the password');
    });
    return server;
  });
  return (request) => handler.fetch(request);
}

function addTool(server: McpServer, { name, input, output, run, ...described }: OfferedTool): void {
  const config = { ...described, ...(output && { outputSchema: output }) };
  const answer = async (value: unknown, context: ServerContext): Promise<CallToolResult> =>
    (await run(value as never, callOf(context))) as CallToolResult;
  if (input) server.registerTool(name, { ...config, inputSchema: input }, answer);
  else server.registerTool(name, config, (context: ServerContext) => answer(undefined, context));
}

function addResources(server: McpServer): void {
  server.registerResource('today', 'note://today', { description: 'Of today', mimeType: 'text/markdown' }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'text/markdown', text: TODAY }],
  }));
  server.registerResource('bytes', 'data://bytes', { mimeType: 'application/octet-stream', size: 4 }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'application/octet-stream', blob: BYTES }],
  }));
  const note = new ResourceTemplate('note://{id}', { list: undefined, complete: { id: startingWith } });
  server.registerResource('note', note, { description: 'Any note' }, (uri, { id }) => ({
    contents: [{ uri: uri.href, mimeType: 'text/plain', text: noteOf(id) }],
  }));
}

function addPrompts(server: McpServer): void {
  const argsSchema = z.object({
    topic: z.string().describe('What about'),
    language: completable(z.string(), startingWith).optional(),
  });
  server.registerPrompt('explain', { title: 'Explain', description: 'Explains', argsSchema }, (args) => ({
    description: 'Explains',
    messages: [{ role: 'user', content: { type: 'text', text: explanation(args.topic, args.language) } }],
  }));
  server.registerPrompt('greet', { description: 'Takes no arguments' }, () => ({
    description: 'Takes no arguments',
    messages: [{ role: 'user', content: { type: 'text', text: 'Greet me' } }],
  }));
}

function callOf({ mcpReq }: ServerContext): Call {
  const progressToken = mcpReq._meta?.progressToken;
  return {
    progress: async (progress, total) => {
      if (progressToken === undefined) return;
      await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total } });
    },
    log: (level, data) => mcpReq.log(level, data),
  };
}
