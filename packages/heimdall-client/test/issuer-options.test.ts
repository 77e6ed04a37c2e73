import { expect, test } from 'vitest';
import { type IntrospectionOptions, normalizeIssuer } from '../src/issuer-options.ts';
import { issuer } from './support/issuer.ts';

const client = { method: 'client_secret_basic', clientId: 'odin', secret: 's' } as const;
const normalize = (introspection: unknown) =>
  normalizeIssuer({ issuer, introspection: introspection as IntrospectionOptions }, false);

test('fills in the defaults of introspection', () => {
  expect(normalize({ client }).introspection).toEqual({
    ...{ client, endpoint: undefined, tokens: 'opaque', maxTtlMs: 30_000, refusedTtlMs: 5_000 },
  });
});

test.each<[string, unknown]>([
  ['introspection.client', {}],
  ['introspection.client', { client: { ...client, clientId: '' } }],
  ['introspection.client', { client: { ...client, secret: '' } }],
  ['introspection.client', { client: { method: 'none', clientId: 'odin' } }],
  ['introspection.client', { client: { method: 'private_key_jwt', clientId: 'odin' } }],
  [
    'introspection.client',
    { client: { method: 'private_key_jwt', clientId: 'odin', key: { kty: 'EC', alg: 'ES256' } } },
  ],
  [
    'introspection.client',
    { client: { method: 'private_key_jwt', clientId: 'odin', key: { kty: 'oct', d: 'x', alg: 'HS256' } } },
  ],
  ['introspection.endpoint', { client, endpoint: 'http://heimdall.example/introspect' }],
  ['introspection.tokens', { client, tokens: 'some' }],
  ['introspection.maxTtlMs', { client, maxTtlMs: -1 }],
  ['introspection.refusedTtlMs', { client, refusedTtlMs: 60_001 }],
])('refuses a bad %s: %j', (name, introspection) => {
  expect(() => normalize(introspection)).toThrow(
    expect.objectContaining({ code: 'bad_option', message: expect.stringContaining(`"${name}"`) }),
  );
});
