import { expect, test } from 'vitest';
import { createCredentialStore } from '../../src/sign-in/credential-store.ts';
import { credentialPath } from '../../src/sign-in/node-sign-in.ts';

function createFiles(content?: string) {
  const disk = new Map(content === undefined ? [] : [['/t', content]]);
  return {
    disk,
    read: async (path: string) => disk.get(path),
    writePrivate: async (path: string, text: string) => void disk.set(path, text),
  };
}

function credential(issuer: string, resource: string, token: string, scope = '') {
  const tokens = { access_token: token, token_type: 'Bearer' };
  return { issuer, resource, scope, client: { client_id: 'c' }, tokens, expiresAt: 1 };
}

const x = { resource: 'https://x/mcp', scope: '' };

test('keeps one sign-in for each issuer and server', async () => {
  const store = createCredentialStore('/t', createFiles());
  await store.save(credential('https://a', 'https://x/mcp', '1'));
  await store.save(credential('https://b', 'https://x/mcp', '2'));
  await store.save(credential('https://a', 'https://y/mcp', '3'));
  await store.save(credential('https://a', 'https://x/mcp', '4'));
  expect((await store.find(x, 'https://a'))?.tokens.access_token).toBe('4');
  expect((await store.find(x, 'https://b'))?.tokens.access_token).toBe('2');
  expect(await store.find(x, 'https://c')).toBeUndefined();
  await store.remove(x);
  expect(await store.find(x)).toBeUndefined();
  expect((await store.find({ resource: 'https://y/mcp', scope: '' }))?.tokens.access_token).toBe('3');
});

test('keeps one for each set of scopes', async () => {
  const store = createCredentialStore('/t', createFiles());
  await store.save(credential('https://a', 'https://x/mcp', 'plain'));
  await store.save(credential('https://a', 'https://x/mcp', 'more', 'admin read'));
  const more = { ...x, scope: 'admin read' };
  expect((await store.find(x))?.tokens.access_token).toBe('plain');
  expect((await store.find(more))?.tokens.access_token).toBe('more');
  expect(await store.find({ ...x, scope: 'admin' })).toBeUndefined();
  await store.remove(more);
  expect(await store.find(more)).toBeUndefined();
  expect((await store.find(x))?.tokens.access_token).toBe('plain');
});

test.each(['', '{', '{}', '[null, {"issuer": "a"}]'])('a damaged file %j counts as empty', async (content) => {
  expect(await createCredentialStore('/t', createFiles(content)).find(x)).toBeUndefined();
});

test('lives in the folder for settings', () => {
  expect(credentialPath({}, '/h')).toBe('/h/.config/asgard/tokens.json');
  expect(credentialPath({ XDG_CONFIG_HOME: '/xdg' }, '/h')).toBe('/xdg/asgard/tokens.json');
});
