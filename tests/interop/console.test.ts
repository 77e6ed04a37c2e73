import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { SubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer, CallEvent, WatchEvent } from '../../packages/asgard/src/console/mcp-client.ts';
import { createSdkClient } from '../../packages/asgard/src/console/sdk-client.ts';

/** The console's client and a server of the era before: sessions, `initialize`, questions as requests. */
const sessions = new Map<string, StreamableHTTPServerTransport>();
let http: Server;
let url: string;

function createMcpServer(): McpServer {
  const mcp = new McpServer(
    { name: 'old', version: '1.0.0' },
    { capabilities: { logging: {}, resources: { subscribe: true } } },
  );
  mcp.registerTool('ask', { description: 'Asks back' }, async ({ sendNotification, _meta, requestId }) => {
    await sendNotification({ method: 'notifications/message', params: { level: 'info', data: 'hot' } });
    const progressToken = _meta?.progressToken ?? 0;
    await sendNotification({ method: 'notifications/progress', params: { progressToken, progress: 1, total: 2 } });
    const { action } = await mcp.server.elicitInput(
      { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } },
      { relatedRequestId: requestId },
    );
    return { content: [{ type: 'text', text: action }] };
  });
  mcp.registerResource('axe', 'shelf://axe', {}, async (uri) => ({ contents: [{ uri: uri.href, text: 'x' }] }));
  mcp.server.setRequestHandler(SubscribeRequestSchema, async ({ params }) => {
    setTimeout(() => void mcp.server.sendResourceUpdated({ uri: params.uri }), 50);
    return {};
  });
  return mcp;
}

beforeAll(async () => {
  http = createServer(async (request, response) => {
    const id = request.headers['mcp-session-id'];
    let transport = sessions.get(String(id));
    if (transport === undefined) {
      transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (session) => void sessions.set(session, transport as StreamableHTTPServerTransport),
      });
      await createMcpServer().connect(transport as never);
    }
    await transport.handleRequest(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
});
afterAll(() => {
  http.closeAllConnections();
  http.close();
});

const { signal } = new AbortController();
const client = () => createSdkClient({ url, version: '1', token: async () => 'token' });

test('calls a tool with its progress, its log and its question', async () => {
  const events: CallEvent[] = [];
  const ask = async (): Promise<Answer> => ({ action: 'accept', content: {} });
  expect(await client().listTools(signal)).toMatchObject([{ name: 'ask' }]);
  await client().callTool({ tool: 'ask', args: {}, signal, ask, onEvent: (event) => events.push(event) });
  expect(events.filter(({ type }) => type !== 'message')).toMatchObject([
    { type: 'log', level: 'info', data: 'hot' },
    { type: 'progress', progress: 1, total: 2 },
    { type: 'result', result: { content: [{ text: 'accept' }] } },
  ]);
});

test('lists, reads and watches a resource', async () => {
  expect(await client().listResources(signal)).toMatchObject([{ uri: 'shelf://axe', template: false }]);
  expect(await client().readResource('shelf://axe', signal)).toMatchObject({ contents: [{ text: 'x' }] });
  const leaving = new AbortController();
  const events: WatchEvent[] = [];
  await client().watchResource({
    ...{ uri: 'shelf://axe', signal: leaving.signal },
    onEvent: (event) => {
      events.push(event);
      if (event.type !== 'watching') leaving.abort();
    },
  });
  expect(events).toEqual([{ type: 'watching' }, { type: 'changed', uri: 'shelf://axe' }]);
});
