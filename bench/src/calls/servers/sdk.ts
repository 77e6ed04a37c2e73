import { createServer, type RequestListener } from 'node:http';
import process from 'node:process';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { listenAndReport, TOOLS } from './report.ts';
import { answer, description, inputOf, nameOf } from './tool.ts';

/** A user who knows the handler well makes the schemas once; its documentation makes them in the factory. */
const hoisted = process.env.HOISTED === '1' ? inputOf() : undefined;

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  for (let index = 0; index < TOOLS; index += 1) {
    server.registerTool(nameOf(index), { description, inputSchema: hoisted ?? inputOf() }, (args) => ({
      content: [{ type: 'text', text: answer(args) }],
    }));
  }
  return server;
});
const listener: unknown = toNodeHandler(handler);
listenAndReport(createServer(listener as RequestListener));
