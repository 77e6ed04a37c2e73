import assert from 'node:assert/strict';
import { connectedClient } from '../clients.ts';
import { findExchange } from '../exchanges.ts';
import type { Step } from '../walk.ts';

export const longTool: Step = {
  name: 'a long tool: five steps over a held stream',
  async run(state) {
    const { exchanges, measure } = state.target;
    const after = exchanges.length;
    const steps: (string | undefined)[] = [];
    const open: Promise<number>[] = [];
    const result = await connectedClient(state).callTool(
      { name: 'forge', arguments: { item: 'axe', stepMs: 150 } },
      {
        onprogress: ({ message }) => {
          steps.push(message);
          open.push(measure());
        },
      },
    );
    assert.deepEqual(steps, ['heat', 'hammer', 'fold', 'quench', 'polish']);
    assert.match(JSON.stringify(result.content), /One axe, forged for/);
    const exchange = await findExchange(exchanges, { after, fits: ({ target }) => target === 'forge' });
    assert.equal(exchange.reply, 'held');
    const requests = await Promise.all(open);
    assert.deepEqual(requests, [0, 0, 0, 0, 0], 'the server had a request open while the stream was held');
    return `${steps.join(', ')}; open requests in the server meanwhile: ${Math.max(...requests)}`;
  },
};
