import assert from 'node:assert/strict';
import {
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
} from '@modelcontextprotocol/client';
import type { Step } from '../walk.ts';

export const metadata: Step = {
  name: 'metadata of the resource and of its issuer',
  async run(state) {
    const { mcpUrl, issuer } = state.target;
    const resource = await discoverOAuthProtectedResourceMetadata(mcpUrl, {
      resourceMetadataUrl: state.resourceMetadataUrl,
    });
    assert.equal(resource.resource, mcpUrl);
    assert.deepEqual(resource.authorization_servers, [issuer]);
    const server = await discoverAuthorizationServerMetadata(issuer);
    assert.equal(server?.issuer, issuer);
    assert.ok(server.code_challenge_methods_supported?.includes('S256'), 'the issuer does not offer PKCE with S256');
    assert.ok(server.registration_endpoint, 'the issuer does not offer registration');
    state.registrationUrl = server.registration_endpoint;
    return issuer;
  },
};
