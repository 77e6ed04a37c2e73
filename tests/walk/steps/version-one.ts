import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { IDENTITY } from '../clients.ts';
import { findExchange } from '../exchanges.ts';
import type { Step } from '../walk.ts';

export const versionOne: Step = {
  name: "today's clients: SDK v1",
  async run(state) {
    const { exchanges, mcpUrl } = state.target;
    const client = new Client(IDENTITY);
    const transport = new StreamableHTTPClientTransport(new URL(mcpUrl), {
      requestInit: { headers: { authorization: `Bearer ${state.token}` } },
    });
    await client.connect(transport as Transport);
    try {
      const after = exchanges.length;
      const result = await client.callTool({ name: 'stock', arguments: { item: 'iron' } });
      assert.deepEqual(result.structuredContent, { item: 'iron', count: 3 });
      const exchange = await findExchange(exchanges, { after, fits: ({ target }) => target === 'stock' });
      return `3 iron, era ${exchange.era}`;
    } finally {
      await client.close();
    }
  },
};
