import { OdinServer, ToolError } from '@asgard/odin';
import { createMcpHandler, McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import * as z from 'zod';

const Add = z.object({ a: z.number(), b: z.number().default(1) });
const Sum = z.object({ sum: z.number() });
const Nothing = z.object({});
const Topic = z.object({ topic: z.string() });

function text(value: string): { type: 'text'; text: string } {
  return { type: 'text', text: value };
}

/** A server on the SDK's own HTTP handler: what it answers is taken for right unless a test says why not. */
export function createSdkServer(): (request: Request) => Promise<Response> {
  const handler = createMcpHandler(() => {
    const capabilities = { logging: {}, resources: { subscribe: true, listChanged: true } };
    const server = new McpServer({ name: 'oracle', version: '1' }, { instructions: 'Ask.', capabilities });
    server.registerTool(
      'add',
      { title: 'Addition', description: 'Adds', inputSchema: Add, outputSchema: Sum },
      ({ a, b }) => ({
        content: [text(JSON.stringify({ sum: a + b }))],
        structuredContent: { sum: a + b },
      }),
    );
    server.registerTool('plain', { inputSchema: Nothing }, () => ({ content: [text('hello')] }));
    server.registerTool('fail', { inputSchema: Nothing }, () => ({ content: [text('no')], isError: true }));
    server.registerTool('progress', { inputSchema: Nothing }, async (_input, ctx) => {
      const progressToken = ctx.mcpReq._meta?.progressToken;
      if (progressToken !== undefined) {
        const params = { progressToken, progress: 1, total: 2 };
        await ctx.mcpReq.notify({ method: 'notifications/progress', params });
      }
      return { content: [text('done')] };
    });
    server.registerResource('static', 'note://static', { mimeType: 'text/plain' }, (uri) => ({
      contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'static' }],
    }));
    const template = new ResourceTemplate('note://{id}', { list: undefined });
    server.registerResource('note', template, { mimeType: 'text/plain' }, (uri, { id }) => ({
      contents: [{ uri: uri.href, mimeType: 'text/plain', text: `note ${id}` }],
    }));
    server.registerPrompt('explain', { description: 'Explains', argsSchema: Topic }, ({ topic }) => ({
      description: 'Explains',
      messages: [{ role: 'user', content: text(`Explain ${topic}`) }],
    }));
    return server;
  });
  return (request) => handler.fetch(request);
}

/** The same server on Odin. */
export function createOdinServer(): (request: Request) => Promise<Response> {
  const logger = { error: () => {}, warn: () => {} };
  const odin = new OdinServer({ name: 'oracle', version: '1', instructions: 'Ask.', logger });
  odin.tool({ name: 'add', title: 'Addition', description: 'Adds', input: Add, output: Sum }, ({ a, b }) => ({
    sum: a + b,
  }));
  odin.tool({ name: 'plain', input: Nothing }, () => 'hello');
  odin.tool({ name: 'fail', input: Nothing }, () => {
    throw new ToolError('no');
  });
  odin.tool({ name: 'progress', input: Nothing }, async (_input, ctx) => {
    await ctx.progress(1, 2);
    return 'done';
  });
  odin.resource('note://static', { name: 'static', mimeType: 'text/plain' }, () => 'static');
  odin.resource('note://{id}', { name: 'note', mimeType: 'text/plain' }, ({ id }) => `note ${id}`);
  odin.prompt({ name: 'explain', description: 'Explains', args: Topic }, ({ topic }) => `Explain ${topic}`);
  return odin.fetch;
}
