import { describe, expect, test } from 'vitest';
import { resolveSettings, type SettingSources } from '../../src/infra/resolve-settings.ts';
import { issuerOf, mcpUrlOf, resourceMetadataUrlOf } from '../../src/infra/settings.ts';

const base: SettingSources = { name: 'forge', config: undefined, env: {}, flags: {}, hasDockerfile: true };
const file = (infra: object): SettingSources => ({ ...base, config: JSON.stringify({ template: 'minimal', infra }) });

test('the defaults need nothing', () => {
  const settings = resolveSettings(base);
  expect(settings).toMatchObject({
    project: 'asgard-forge',
    edge: 'hermod',
    bind: '127.0.0.1',
    port: 7999,
    links: 'absolute',
    demoUsers: true,
    server: { kind: 'container', context: '.', replicas: 2 },
  });
  expect(mcpUrlOf(settings)).toBe('http://localhost:7999/mcp');
  expect(issuerOf(settings)).toBe('http://localhost:7999/heimdall/realms/asgard');
  expect(resourceMetadataUrlOf(settings)).toBe('http://localhost:7999/.well-known/oauth-protected-resource/mcp');
});

test('flags count before the environment, that before flags of an earlier up, and those before the file', () => {
  const env = { ASGARD_PORT: '8100', ASGARD_EDGE: 'bifrost', ASGARD_PUBLIC_URL: 'https://mcp.example.com' };
  expect(resolveSettings({ ...file({ port: 8200 }), env, flags: { port: 8000 } })).toMatchObject({
    port: 8000,
    edge: 'bifrost',
    publicUrl: 'https://mcp.example.com',
    demoUsers: false,
  });
  expect(resolveSettings({ ...file({ port: 8200 }), env: { ASGARD_PORT: '8100' } }).port).toBe(8100);
  expect(resolveSettings(file({ port: 8200 })).port).toBe(8200);
  const kept = { port: 8300, edge: 'bifrost', server: 'host' };
  expect(resolveSettings({ ...file({ port: 8200 }), kept })).toMatchObject({
    port: 8300,
    edge: 'bifrost',
    server: { kind: 'host' },
  });
  expect(resolveSettings({ ...base, kept, env: { ASGARD_PORT: '8100' } }).port).toBe(8100);
  expect(resolveSettings({ ...base, kept, flags: { edge: 'hermod' } })).toMatchObject({ port: 8300, edge: 'hermod' });
});

test('demo users are for a stack that only this machine reaches, by its name and by its address', () => {
  expect(resolveSettings(file({ bind: '127.0.0.1' })).demoUsers).toBe(true);
  expect(resolveSettings(file({ bind: '::1' })).demoUsers).toBe(true);
  expect(resolveSettings(file({ bind: '0.0.0.0' })).demoUsers).toBe(false);
  expect(resolveSettings({ ...base, env: { ASGARD_BIND: '10.0.0.7' } }).demoUsers).toBe(false);
  expect(resolveSettings(file({ publicUrl: 'https://mcp.example.com' })).demoUsers).toBe(false);
  expect(resolveSettings(file({ bind: '0.0.0.0', demoUsers: true })).demoUsers).toBe(true);
});

test('without a Dockerfile the server runs on this machine', () => {
  expect(resolveSettings({ ...base, hasDockerfile: false }).server).toEqual({ kind: 'host', port: 8080 });
});

describe('refuses, naming the setting', () => {
  test.each([
    [{ prot: 1 }, /infra.*prot/],
    [{ port: 0 }, /infra\.port/],
    [{ edge: 'loki' }, /infra\.edge/],
    [{ publicUrl: 'https://a.example/path' }, /infra\.publicUrl/],
    [{ corsOrigins: ['*'] }, /infra\.corsOrigins/],
    [{ scopes: ['offline_access'] }, /offline_access/],
    [{ scopes: ['a b'] }, /infra\.scopes/],
    [{ tools: { '*': { deny: true } } }, /infra\.tools/],
    [{ tools: { a: {} } }, /says nothing/],
    [{ tools: { a: { deny: true, hold: true } } }, /is denied/],
    [{ tools: { 'admin_*': { deny: true }, admin_x: { perMinute: 1 } } }, /fit the same tools/],
    [{ tools: { 'a*': { deny: true }, 'ab*': { perMinute: 1 } } }, /fit the same tools/],
    [{ tools: { drop: { deny: true }, DROP: { perMinute: 1 } } }, /fit the same tools/],
  ])('%j', (infra, message) => {
    expect(() => resolveSettings(file(infra))).toThrow(message);
  });

  test('text that is not JSON, and a container without a Dockerfile', () => {
    expect(() => resolveSettings({ ...base, config: '{' })).toThrow('asgard.json is not JSON');
    expect(() => resolveSettings({ ...base, hasDockerfile: false, flags: { server: 'container' } })).toThrow(
      'Dockerfile',
    );
  });
});
