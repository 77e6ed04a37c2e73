import { expect, test } from 'vitest';
import { type ClientDocumentOptions, formatClientDocument } from '../../src/registration/metadata-document.ts';

const options: ClientDocumentOptions = {
  url: 'https://app.example/oauth/client.json',
  name: 'App',
  redirectUris: ['http://127.0.0.1:1/callback'],
};

test('a public client', () => {
  expect(formatClientDocument({ ...options, scope: 'mcp:tools', clientUri: 'https://app.example' })).toEqual({
    ...{ client_id: options.url, client_name: 'App', redirect_uris: options.redirectUris },
    ...{ grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
    ...{ token_endpoint_auth_method: 'none', scope: 'mcp:tools', client_uri: 'https://app.example' },
  });
});

test('a client with keys proves who it is', () => {
  expect(formatClientDocument({ ...options, jwksUri: 'https://app.example/keys' })).toMatchObject({
    ...{ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://app.example/keys' },
  });
});

test.each<[string, object]>([
  ['url', { url: 'https://app.example' }],
  ['url', { url: 'https://app.example/' }],
  ['url', { url: 'https://app.example/c?x=1' }],
  ['url', { url: 'https://app.example/c#x' }],
  ['url', { url: 'https://app.example/a/../c' }],
  ['url', { url: 'https://APP.example/c' }],
  ['url', { url: 'http://app.example/c' }],
  ['name', { name: '' }],
  ['redirectUris', { redirectUris: [] }],
  ['redirectUris', { redirectUris: ['http://app.example/cb'] }],
  ['jwksUri', { jwksUri: 'http://app.example/keys' }],
])('refuses a bad %s: %j', (name, change) => {
  expect(() => formatClientDocument({ ...options, ...change })).toThrow(
    expect.objectContaining({ code: 'bad_option', message: expect.stringContaining(`"${name}"`) }),
  );
});
