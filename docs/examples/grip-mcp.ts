import { createHolds, createSigVerifier, withGrip } from '@asgard/grip';
import { createXpubPublisher } from '@asgard/grip/zeromq';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'counter', version: '1.0.0' });
  server.registerTool('count', { description: 'Counts to three' }, async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (let progress = 1; progress <= 3 && progressToken !== undefined && !mcpReq.signal.aborted; progress++) {
      await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 3 } });
    }
    return { content: [{ type: 'text', text: 'counted' }] };
  });
  return server;
});

const holds = createHolds({ publisher: createXpubPublisher({ urls: ['tcp://127.0.0.1:5562'] }) });
const verifier = createSigVerifier({ keys: [process.env.GRIP_KEY ?? ''], issuer: 'asgard' });

export const fetch = withGrip((request) => handler.fetch(request), { holds, verifier });
