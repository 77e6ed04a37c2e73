import type { KoaContextWithOIDC } from 'oidc-provider';
import { expect, test } from 'vitest';
import { createResources } from '../../src/heimdall/resources.ts';

function context(scope?: string, granted?: string) {
  const Grant = granted === undefined ? undefined : { getResourceScope: () => granted };
  return { oidc: { params: { scope }, entities: { Grant } } } as unknown as KoaContextWithOIDC;
}

const shape = { lifetimeSeconds: 300, format: 'jwt' } as const;
const mcp = 'http://localhost:7999/mcp';

test('knows its resources, in whatever way their host is written, and names them as they were given', () => {
  const resources = createResources([mcp], shape);
  for (const form of [mcp, 'HTTP://LOCALHOST:7999/mcp']) {
    expect(resources.serverOf(context(), form)).toMatchObject({
      audience: mcp,
      accessTokenFormat: 'jwt',
      accessTokenTTL: 300,
    });
  }
  for (const other of ['http://localhost:7999/mcp/', 'http://localhost:7999/', 'https://localhost:7999/mcp', 'mcp']) {
    expect(resources.serverOf(context(), other)).toBeUndefined();
  }
});

test('falls back to the only resource, and to none of several', () => {
  expect(createResources([mcp], shape).fallback).toBe(mcp);
  expect(createResources([mcp, 'http://localhost:7999/other'], shape).fallback).toBeUndefined();
});

test('every scope that was asked for or granted can be had', () => {
  const scope = (ctx: KoaContextWithOIDC) => createResources([mcp], shape).serverOf(ctx, mcp)?.scope;
  expect(scope(context('openid notes:write'))).toBe('openid notes:write profile');
  expect(scope(context(undefined, 'notes:write mcp:tools'))).toBe('notes:write mcp:tools profile');
  expect(scope(context())).toBe('profile');
});
