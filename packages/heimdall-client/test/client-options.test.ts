import { expect, test } from 'vitest';
import { type ClientAuthentication, normalizeClient } from '../src/client-options.ts';

test.each<[string, object | undefined]>([
  ['nothing', undefined],
  ['no id', { method: 'client_secret_basic', clientId: '', secret: 's' }],
  ['no secret', { method: 'client_secret_post', clientId: 'a', secret: '' }],
  ['a public key', { method: 'private_key_jwt', clientId: 'a', key: { kty: 'EC', alg: 'ES256' } }],
  ['a key without algorithm', { method: 'private_key_jwt', clientId: 'a', key: { kty: 'EC', d: 'x' } }],
  ['another method', { method: 'none', clientId: 'a' }],
])('refuses %s', (_name, client) => {
  expect(() => normalizeClient('client', client as ClientAuthentication)).toThrow(
    expect.objectContaining({ code: 'bad_option', message: expect.stringContaining('"client"') }),
  );
});

test('keeps a copy that cannot change', () => {
  const client = { method: 'client_secret_basic' as const, clientId: 'a', secret: 's' };
  const kept = normalizeClient('client', client);
  client.secret = 'other';
  expect(kept).toEqual({ method: 'client_secret_basic', clientId: 'a', secret: 's' });
  expect(Object.isFrozen(kept)).toBe(true);
});
