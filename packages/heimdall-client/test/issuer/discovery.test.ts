import { expect, test } from 'vitest';
import { HeimdallError } from '../../src/errors.ts';
import { discover, metadataUrls } from '../../src/issuer/discovery.ts';
import type { JsonObject } from '../../src/json.ts';

const issuer = 'https://heimdall.example/realms/asgard';

test('knows the three places for an issuer with a path', () => {
  expect(metadataUrls(issuer)).toEqual([
    'https://heimdall.example/realms/asgard/.well-known/openid-configuration',
    'https://heimdall.example/.well-known/oauth-authorization-server/realms/asgard',
    'https://heimdall.example/.well-known/openid-configuration/realms/asgard',
  ]);
});

test.each(['https://heimdall.example', 'https://heimdall.example/'])('knows the two places for %s', (root) => {
  expect(metadataUrls(root)).toEqual([
    'https://heimdall.example/.well-known/openid-configuration',
    'https://heimdall.example/.well-known/oauth-authorization-server',
  ]);
});

test.each([0, 1, 2])('takes place %i when the ones before have nothing', async (index) => {
  const place = metadataUrls(issuer)[index];
  const metadata = { issuer, jwks_uri: 'https://heimdall.example/certs' };
  expect(await discover(issuer, async (url) => (url === place ? metadata : undefined))).toBe(metadata);
});

test.each<[string, JsonObject]>([
  ['another issuer', { issuer: 'https://evil.example' }],
  ['an issuer with a slash more', { issuer: `${issuer}/` }],
  ['no issuer', {}],
])('refuses metadata of %s, and looks no further', async (_name, metadata) => {
  let reads = 0;
  const read = async () => {
    reads += 1;
    return metadata;
  };
  await expect(discover(issuer, read)).rejects.toMatchObject({ code: 'unavailable' });
  expect(reads).toBe(1);
});

test('says what to do when there is no metadata', async () => {
  await expect(discover(issuer, async () => undefined)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('"jwksUri"'),
  });
});

test('an issuer that is away is not asked for the other forms', async () => {
  let reads = 0;
  const read = async () => {
    reads += 1;
    throw new HeimdallError('unavailable', 'away');
  };
  await expect(discover(issuer, read)).rejects.toThrow('away');
  expect(reads).toBe(1);
});
