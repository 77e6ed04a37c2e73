import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { serveQuestions } from './asked.ts';

const handler = createMcpHandler(
  () => {
    const server = new McpServer(
      { name: 'bench', version: '1.0.0' },
      { capabilities: { tools: { listChanged: true } } },
    );
    server.registerTool('held', {}, () => ({ content: [{ type: 'text', text: 'done' }] }));
    return server;
  },
  { maxSubscriptions: 10_000 },
);
const listener: unknown = toNodeHandler(handler);
const server = createServer(listener as RequestListener);
server.listen(0, '127.0.0.1', () => {
  serveQuestions((server.address() as AddressInfo).port, { change: () => handler.notify.toolsChanged() });
});
