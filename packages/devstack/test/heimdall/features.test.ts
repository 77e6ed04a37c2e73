import type { KoaContextWithOIDC } from 'oidc-provider';
import { expect, test } from 'vitest';
import { features } from '../../src/heimdall/features.ts';
import { createResources } from '../../src/heimdall/resources.ts';

class InvalidTarget extends Error {}

const mcp = 'http://localhost:7999/mcp';
const { registration, resourceIndicators, clientIdMetadataDocument } = features({
  resources: createResources([mcp], { lifetimeSeconds: 300, format: 'jwt' }),
  InvalidTarget: InvalidTarget as never,
  clientDocuments: true,
});

test('a new client is not pinned to the scope of its first request', () => {
  if (!registration?.enabled) throw new Error('Registration is off.');
  const body: Record<string, unknown> = { scope: 'mcp:tools', client_name: 'c' };
  const context = { oidc: { body } } as unknown as KoaContextWithOIDC;
  const ids = [registration.idFactory?.(context), registration.idFactory?.(context)];
  expect(body).toEqual({ client_name: 'c' });
  expect(ids[0]).toMatch(/^[\w-]{22}$/);
  expect(ids[0]).not.toBe(ids[1]);
});

test('the only resource stands in for none, and one of one for itself', async () => {
  if (!resourceIndicators?.enabled) throw new Error('Resource indicators are off.');
  const choose = (oneOf?: string[]) => resourceIndicators.defaultResource?.({} as never, {} as never, oneOf as never);
  expect(await choose()).toBe(mcp);
  expect(await choose(['http://a.example'])).toBe('http://a.example');
  expect(await choose(['http://a.example', 'http://b.example'])).toEqual(['http://a.example', 'http://b.example']);
});

test('an unknown resource is an invalid target', () => {
  if (!resourceIndicators?.enabled) throw new Error('Resource indicators are off.');
  const context = { oidc: { params: {}, entities: {} } } as never;
  expect(() => resourceIndicators.getResourceServerInfo?.(context, 'http://a.example', {} as never)).toThrow(
    InvalidTarget,
  );
  expect(resourceIndicators.getResourceServerInfo?.(context, mcp, {} as never)).toMatchObject({ audience: mcp });
});

test('clients that are their own document are taken when that is wanted', () => {
  expect(clientIdMetadataDocument?.enabled).toBe(true);
});
