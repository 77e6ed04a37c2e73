import assert from 'node:assert/strict';
import { extractWWWAuthenticateParams } from '@modelcontextprotocol/client';
import type { Step } from '../walk.ts';

export const challenge: Step = {
  name: 'unauthenticated: 401 with resource_metadata',
  async run(state) {
    const response = await fetch(state.target.mcpUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
    });
    await response.arrayBuffer();
    assert.equal(response.status, 401);
    const { resourceMetadataUrl } = extractWWWAuthenticateParams(response);
    assert.ok(resourceMetadataUrl, `no resource_metadata in ${response.headers.get('www-authenticate')}`);
    state.resourceMetadataUrl = resourceMetadataUrl.href;
    return resourceMetadataUrl.href;
  },
};
