import assert from 'node:assert/strict';
import type { Step } from '../walk.ts';

export const REDIRECT_URI = 'http://127.0.0.1:1/callback';

export const register: Step = {
  name: 'register a client',
  async run(state) {
    const response = await fetch(state.registrationUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: 'The walk',
        redirect_uris: [REDIRECT_URI],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      }),
    });
    const client = (await response.json()) as { client_id?: unknown };
    assert.equal(response.status, 201, JSON.stringify(client));
    assert.equal(typeof client.client_id, 'string');
    state.clientId = String(client.client_id);
    return state.clientId;
  },
};
