import { createServer, type RequestListener } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { listenAndReport, TOOLS } from './report.ts';
import { answer, description, input, nameOf } from './tool.ts';

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  for (let index = 0; index < TOOLS; index += 1) {
    server.registerTool(nameOf(index), { description, inputSchema: input }, (args) => ({
      content: [{ type: 'text', text: answer(args) }],
    }));
  }
  return server;
});
const listener: unknown = toNodeHandler(handler);
listenAndReport(createServer(listener as RequestListener));
