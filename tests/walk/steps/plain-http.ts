import assert from 'node:assert/strict';
import { connectV2, stock } from '../clients.ts';
import { findExchange } from '../exchanges.ts';
import type { Step } from '../walk.ts';

export const plainHttp: Step = {
  name: 'the same server over plain HTTP',
  async run(state) {
    const { exchanges, serverUrl } = state.target;
    const client = await connectV2(serverUrl, state.token);
    try {
      const after = exchanges.length;
      const count = await stock(client, 'iron');
      assert.equal(count, 2);
      const long = await client.callTool(
        { name: 'forge', arguments: { item: 'axe', stepMs: 30 } },
        { onprogress: () => {} },
      );
      assert.match(JSON.stringify(long.content), /One axe/);
      const exchange = await findExchange(exchanges, { after, fits: ({ target }) => target === 'forge' });
      assert.equal(exchange.reply, 'sse');
      return `${count} iron; the long tool as ${exchange.reply}`;
    } finally {
      await client.close();
    }
  },
};
