import assert from 'node:assert/strict';
import { SUBSCRIPTION_ID_META_KEY } from '@modelcontextprotocol/client';
import { connectedClient, connectV2, stock } from '../clients.ts';
import type { Step } from '../walk.ts';

export const subscribe: Step = {
  name: 'subscriptions/listen: a change from elsewhere arrives',
  async run(state) {
    const client = connectedClient(state);
    const { mcpUrl, measure } = state.target;
    const listenId = watchListenId(client);
    const update = new Promise<{ uri: string; id: unknown }>((resolve) => {
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
        resolve({ uri: params.uri, id: params._meta?.[SUBSCRIPTION_ID_META_KEY] });
      });
    });
    const subscription = await client.listen({ resourceSubscriptions: ['shelf://anvil'] });
    assert.equal(await measure(), 0, 'the subscription costs the server an open request');
    const other = await connectV2(mcpUrl, state.token);
    try {
      const started = performance.now();
      await stock(other, 'anvil');
      const { uri, id } = await update;
      const took = performance.now() - started;
      assert.equal(uri, 'shelf://anvil');
      assert.deepEqual(id, listenId());
      return `subscription ${JSON.stringify(id)}, ${took.toFixed(0)} ms after the change was asked for`;
    } finally {
      await other.close();
      await subscription.close();
    }
  },
};

/** Reads the id of the listen request off the wire: the client does not tell it. */
function watchListenId({ transport }: { transport?: unknown }): () => unknown {
  const wire = transport as { send: (message: { id?: unknown; method?: string }, ...rest: unknown[]) => Promise<void> };
  const send = wire.send.bind(wire);
  let id: unknown;
  wire.send = (message, ...rest) => {
    if (message.method === 'subscriptions/listen') id = message.id;
    return send(message, ...rest);
  };
  return () => id;
}
