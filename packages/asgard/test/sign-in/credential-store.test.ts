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

function credential(issuer: string, resource: string, token: string) {
  const tokens = { access_token: token, token_type: 'Bearer' };
  return { issuer, resource, client: { client_id: 'c' }, tokens, expiresAt: 1 };
}

test('keeps one sign-in for each issuer and server', async () => {
  const store = createCredentialStore('/t', createFiles());
  await store.save(credential('https://a', 'https://x/mcp', '1'));
  await store.save(credential('https://b', 'https://x/mcp', '2'));
  await store.save(credential('https://a', 'https://y/mcp', '3'));
  await store.save(credential('https://a', 'https://x/mcp', '4'));
  expect((await store.find('https://x/mcp', 'https://a'))?.tokens.access_token).toBe('4');
  expect((await store.find('https://x/mcp', 'https://b'))?.tokens.access_token).toBe('2');
  expect(await store.find('https://x/mcp', 'https://c')).toBeUndefined();
  await store.remove('https://x/mcp');
  expect(await store.find('https://x/mcp')).toBeUndefined();
  expect((await store.find('https://y/mcp'))?.tokens.access_token).toBe('3');
});

test.each(['', '{', '{}', '[null, {"issuer": "a"}]'])('a damaged file %j counts as empty', async (content) => {
  expect(await createCredentialStore('/t', createFiles(content)).find('https://x/mcp')).toBeUndefined();
});

test('lives in the folder for settings', () => {
  expect(credentialPath({}, '/h')).toBe('/h/.config/asgard/tokens.json');
  expect(credentialPath({ XDG_CONFIG_HOME: '/xdg' }, '/h')).toBe('/xdg/asgard/tokens.json');
});
