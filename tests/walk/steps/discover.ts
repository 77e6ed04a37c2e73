import assert from 'node:assert/strict';
import { connectV2 } from '../clients.ts';
import type { Step } from '../walk.ts';

export const discover: Step = {
  name: 'server/discover',
  async run(state) {
    const client = await connectV2(state.target.mcpUrl, state.token);
    state.client = client;
    assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28');
    const found = client.getDiscoverResult();
    assert.ok(found, 'the client did not discover');
    assert.ok(found.capabilities.tools, 'no tools are offered');
    return `${client.getServerVersion()?.name}, ${found.supportedVersions.join(' ')}`;
  },
};
