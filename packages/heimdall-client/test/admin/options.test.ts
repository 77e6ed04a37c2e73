import { expect, test } from 'vitest';
import { normalizeAdminOptions } from '../../src/admin/options.ts';
import { adminUrl, realm } from '../support/keycloak.ts';

const client = { method: 'client_secret_post', clientId: 'admin', secret: 's' } as const;

test('finds the administration of the realm', () => {
  expect(normalizeAdminOptions({ issuer: realm, client })).toMatchObject({ issuer: realm, adminUrl });
  const other = 'https://admin.example/admin/realms/asgard';
  expect(normalizeAdminOptions({ issuer: realm, client, adminUrl: other }).adminUrl).toBe(other);
  expect(normalizeAdminOptions({ issuer: 'https://a.example/realms/x/realms/y', client }).adminUrl).toBe(
    'https://a.example/realms/x/admin/realms/y',
  );
});

test.each([
  ['issuer', { issuer: 'http://id.example/realms/asgard' }],
  ['issuer', { issuer: 'https://id.example' }],
  ['issuer', { issuer: `${realm}?x=1` }],
  ['adminUrl', { adminUrl: 'https://id.example/realms/asgard' }],
  ['client', { client: { ...client, secret: '' } }],
  ['requestTimeoutMs', { requestTimeoutMs: 0 }],
])('refuses a wrong %s', (name, change) => {
  expect(() => normalizeAdminOptions({ issuer: realm, client, ...change })).toThrow(`"${name}"`);
});
