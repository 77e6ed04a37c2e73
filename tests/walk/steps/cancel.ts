import assert from 'node:assert/strict';
import { connectedClient } from '../clients.ts';
import { findExchange } from '../exchanges.ts';
import type { Step } from '../walk.ts';

export const cancel: Step = {
  name: 'cancel a running tool: its signal fires',
  async run(state) {
    const client = connectedClient(state);
    const { exchanges } = state.target;
    const after = exchanges.length;
    const abort = new AbortController();
    const call = client.callTool(
      { name: 'forge', arguments: { item: 'shield', stepMs: 400 } },
      { signal: abort.signal, onprogress: () => abort.abort() },
    );
    let leftAt = 0;
    abort.signal.addEventListener('abort', () => {
      leftAt = performance.now();
    });
    await assert.rejects(call);
    const exchange = await findExchange(exchanges, { after, fits: ({ target }) => target === 'forge' });
    const took = performance.now() - leftAt;
    assert.ok(exchange.durationMs < 5 * 400, 'the tool ran to its end');
    const shelf = await client.readResource({ uri: 'shelf://shield' });
    assert.match(JSON.stringify(shelf.contents), /\\"count\\":0/);
    assert.ok(took < 100, `the tool stopped only ${took.toFixed(0)} ms after the client had left`);
    return `stopped ${took.toFixed(0)} ms after the client left`;
  },
};
