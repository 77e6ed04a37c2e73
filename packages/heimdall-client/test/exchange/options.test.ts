import { expect, test } from 'vitest';
import { normalizeExchangeOptions, type TokenExchangeOptions } from '../../src/exchange/options.ts';

const options: TokenExchangeOptions = {
  issuer: 'https://heimdall.example/realms/asgard',
  client: { method: 'client_secret_basic', clientId: 'odin', secret: 's' },
};

test('fills in the defaults', () => {
  expect(normalizeExchangeOptions(options)).toMatchObject({
    ...{ targetParameter: 'audience', expirySkewSeconds: 30, maxConcurrency: 100, requestTimeoutMs: 5_000 },
    ...{ tokenEndpoint: undefined, allowHttp: false },
    cache: { maxEntries: 1_000, maxTtlMs: 300_000, refusedTtlMs: 5_000 },
  });
});

test.each<[string, object]>([
  ['issuer', { issuer: 'http://heimdall.example' }],
  ['client', { client: { ...options.client, secret: '' } }],
  ['client', { client: undefined }],
  ['tokenEndpoint', { tokenEndpoint: 'http://heimdall.example/token' }],
  ['targetParameter', { targetParameter: 'both' }],
  ['expirySkewSeconds', { expirySkewSeconds: -1 }],
  ['cache.maxEntries', { cache: { maxEntries: -1 } }],
  ['maxConcurrency', { maxConcurrency: 0 }],
])('refuses a bad %s', (name, change) => {
  expect(() => normalizeExchangeOptions({ ...options, ...change })).toThrow(
    expect.objectContaining({ code: 'bad_option', message: expect.stringContaining(`"${name}"`) }),
  );
});
