import assert from 'node:assert/strict';
import { connectedClient, stock } from '../clients.ts';
import { findExchange } from '../exchanges.ts';
import type { Step } from '../walk.ts';

export const fastTool: Step = {
  name: 'a fast tool: one JSON body',
  async run(state) {
    const { exchanges, users } = state.target;
    const after = exchanges.length;
    const count = await stock(connectedClient(state), 'iron');
    const exchange = await findExchange(exchanges, { after, fits: ({ target }) => target === 'stock' });
    assert.equal(exchange.reply, 'json');
    assert.equal(exchange.username, users[0]?.username);
    return `${count} iron, ${exchange.durationMs.toFixed(1)} ms in the server`;
  },
};
