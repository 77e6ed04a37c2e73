import { expect, test } from 'vitest';
import { type HeimdallOptions, startHeimdall } from '../../src/heimdall/heimdall.ts';

const good: HeimdallOptions = {
  publicUrl: 'http://localhost:7999/heimdall/realms/asgard',
  resources: ['http://localhost:7999/mcp'],
};

test.each<[string, Partial<HeimdallOptions>, string]>([
  ['another host', { host: '0.0.0.0' }, 'host_refused'],
  ['a public URL that is none', { publicUrl: 'heimdall' }, 'bad_option'],
  ['a public URL with a slash at its end', { publicUrl: `${good.publicUrl}/` }, 'bad_option'],
  ['a public URL with a query', { publicUrl: `${good.publicUrl}?x` }, 'bad_option'],
  ['a public URL of another scheme', { publicUrl: 'ftp://localhost/x' }, 'bad_option'],
  ['no resources', { resources: [] }, 'bad_option'],
  ['a resource that is no URL', { resources: ['mcp'] }, 'bad_option'],
  ['a resource with a fragment', { resources: ['http://localhost/mcp#a'] }, 'bad_option'],
  ['no users', { users: [] }, 'bad_option'],
  ['no lifetime', { tokenLifetimeSeconds: 0 }, 'bad_option'],
  ['another token format', { tokenFormat: 'saml' as 'jwt' }, 'bad_option'],
  ['a broken lifetime', { tokenLifetimeSeconds: 1.5 }, 'bad_option'],
])('refuses %s', async (_name, change, code) => {
  await expect(startHeimdall({ ...good, ...change })).rejects.toMatchObject({ name: 'DevstackError', code });
});
