import { createServer, type RequestListener } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { ZodJsonSchemaAdapter } from '@tmcp/adapter-zod';
import { HttpTransport } from '@tmcp/transport-http';
import { McpServer } from 'tmcp';
import { listenAndReport, TOOLS } from './report.ts';
import { answer, description, inputOf, nameOf } from './tool.ts';

const server = new McpServer(
  { name: 'bench', version: '1.0.0', description: 'bench' },
  { adapter: new ZodJsonSchemaAdapter(), capabilities: { tools: { listChanged: true } } },
);
for (let index = 0; index < TOOLS; index += 1) {
  server.tool({ name: nameOf(index), description, schema: inputOf() }, (args) => ({
    content: [{ type: 'text', text: answer(args) }],
  }));
}
const transport = new HttpTransport(server, { path: '/mcp' });
const listener: unknown = toNodeHandler({
  fetch: async (request) => (await transport.respond(request)) ?? new Response(null, { status: 404 }),
});
listenAndReport(createServer(listener as RequestListener));
