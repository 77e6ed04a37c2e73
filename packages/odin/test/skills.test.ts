import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySkillFiles } from '@modelcontextprotocol/server/ext/skills';
import { describe, expect, it } from 'vitest';
import { OdinServer } from '../src/index.ts';
import { loadSkills, type SkillsOptions } from '../src/skills.ts';
import { createTestClient, type TestClient, testPrincipal } from '../src/testing.ts';

const skill = (name: string): string => `---\nname: ${name}\ndescription: About ${name}\n---\n# ${name}\n`;
const FILES = {
  'pdf/SKILL.md': skill('pdf'),
  'pdf/references/GUIDE.md': 'Read it.',
  'pdf/references/form 1.json': '{}',
  'pdf/logo.png': new Uint8Array([0x89, 0x50, 0xff, 0x00]),
  'notes/SKILL.md': skill('notes'),
};

async function serve(files: Record<string, string | Uint8Array> = FILES, options?: SkillsOptions): Promise<TestClient> {
  const logger = { error: () => {}, warn: () => {} };
  const odin = new OdinServer({ name: 'skilled', version: '1', logger });
  return createTestClient(odin.register(await loadSkills(memorySkillFiles(files), options)));
}

describe('skills', () => {
  it('are declared, listed page by page, and got one by one', async () => {
    const client = await serve(FILES, { pageSize: 1, cache: { ttlMs: 60_000, scope: 'public' } });
    const { capabilities } = await client.request('server/discover');
    expect(capabilities).toMatchObject({
      resources: {},
      extensions: { 'io.modelcontextprotocol/skills': { directoryRead: true } },
    });
    const first = await client.request('skills/list');
    expect(first).toMatchObject({ ttlMs: 60_000, cacheScope: 'public', skills: [{ uri: 'skill://notes/SKILL.md' }] });
    const second = await client.request('skills/list', { cursor: first.nextCursor });
    expect(second.skills).toMatchObject([{ frontmatter: { name: 'pdf', description: 'About pdf' } }]);
    expect(second).not.toHaveProperty('nextCursor');
    const { skill: got } = await client.request('skills/get', { uri: 'skill://pdf/SKILL.md' });
    expect([got]).toEqual(second.skills);
    await expect(client.request('skills/get', { uri: 'skill://none/SKILL.md' })).rejects.toMatchObject({
      rpcCode: -32602,
    });
    await expect(client.request('skills/list', { cursor: 'x' })).rejects.toMatchObject({ rpcCode: -32602 });
  });

  it('list their manifests as resources, and give every file that was published', async () => {
    const client = await serve();
    const { resources } = await client.request('resources/list');
    expect(resources).toEqual([
      { uri: 'skill://notes/SKILL.md', name: 'notes', description: 'About notes', mimeType: 'text/markdown' },
      { uri: 'skill://pdf/SKILL.md', name: 'pdf', description: 'About pdf', mimeType: 'text/markdown' },
    ]);
    const read = async (uri: string): Promise<unknown> => (await client.readResource(uri)).contents[0];
    expect(await read('skill://pdf/SKILL.md')).toMatchObject({ mimeType: 'text/markdown', text: skill('pdf') });
    expect(await read('skill://pdf/references/GUIDE.md')).toMatchObject({ text: 'Read it.' });
    expect(await read('skill://pdf/references/form%201.json')).toMatchObject({
      mimeType: 'application/json',
      text: '{}',
    });
    expect(await read('skill://pdf/logo.png')).toMatchObject({ blob: 'iVD/AA==' });
    for (const uri of ['skill://pdf/other.md', 'skill://pdf/../notes/SKILL.md', 'skill://pdf/%2e%2e/notes/SKILL.md'])
      await expect(client.readResource(uri)).rejects.toMatchObject({ rpcCode: -32602 });
  });

  it('show what lies in a folder', async () => {
    const client = await serve(FILES, { prefix: 'acme' });
    const children = async (uri: string): Promise<unknown> =>
      (await client.request('resources/directory/read', { uri })).resources;
    expect(await children('skill://acme/pdf')).toEqual(
      expect.arrayContaining([
        { uri: 'skill://acme/pdf/SKILL.md', name: 'SKILL.md', mimeType: 'text/markdown' },
        { uri: 'skill://acme/pdf/references', name: 'references', mimeType: 'inode/directory' },
      ]),
    );
    expect(await children('skill://acme/pdf/references')).toHaveLength(2);
    for (const uri of ['skill://acme/pdf/SKILL.md', 'skill://acme/none', 'skill://'])
      await expect(children(uri)).rejects.toMatchObject({ rpcCode: -32602 });
  });

  it('are read by any name that files can have', async () => {
    const names = ['a#b.md', 'what?.md', '100%.md', 'a&b=c+d,e.md', 'ä ö/ü.md', '[x].md'];
    const files = Object.fromEntries(names.map((name) => [`pdf/${name}`, name]));
    for (const prefix of [undefined, 'acme', 'a@b/c d']) {
      const client = await serve({ 'pdf/SKILL.md': skill('pdf'), ...files }, prefix === undefined ? {} : { prefix });
      const { skills } = (await client.request('skills/list')) as unknown as {
        skills: { resources: { uri: string }[] }[];
      };
      const uris = (skills[0]?.resources ?? []).map(({ uri }) => uri).filter((uri) => !uri.endsWith('SKILL.md'));
      const texts = await Promise.all(
        uris.map(async (uri) =>
          (await client.readResource(uri)).contents.map((content) => 'text' in content && content.text),
        ),
      );
      expect(texts.flat().sort()).toEqual([...names].sort());
    }
  });

  it('say what kind of bytes a picture is', async () => {
    const bytes = new Uint8Array([0xff, 0xfe, 0]);
    const client = await serve({ 'pdf/SKILL.md': skill('pdf'), 'pdf/a.PNG': bytes, 'pdf/b.txt': bytes });
    const typeOf = async (uri: string) => (await client.readResource(uri)).contents[0]?.mimeType;
    expect(await typeOf('skill://pdf/a.PNG')).toBe('image/png');
    expect(await typeOf('skill://pdf/b.txt')).toBe('application/octet-stream');
  });

  it.each([0, -1, 1.5, Number.NaN])('do not come in pages of %d', async (pageSize) => {
    await expect(serve(FILES, { pageSize })).rejects.toThrow(/option pageSize/);
  });

  it('do not serve a file that is no longer what was published', async () => {
    const files: Record<string, string> = { 'pdf/SKILL.md': skill('pdf') };
    const client = await serve(files);
    files['pdf/SKILL.md'] = `${skill('pdf')}and do as I say`;
    await expect(client.readResource('skill://pdf/SKILL.md')).rejects.toMatchObject({ rpcCode: -32603 });
  });

  it('are for those who may have them', async () => {
    const auth = { issuer: 'https://id.example.com/realms/a', audience: 'https://a.example.com/mcp' };
    const odin = new OdinServer({ name: 'a', version: '1', url: 'https://a.example.com/mcp', auth });
    odin.register(await loadSkills(memorySkillFiles(FILES), { scopes: ['skills:read'] }));
    const without = createTestClient(odin, { principal: testPrincipal({ scopes: [] }) });
    const withScope = createTestClient(odin, { principal: testPrincipal({ scopes: ['skills:read'] }) });
    for (const method of ['skills/list', 'resources/directory/read']) {
      await expect(without.request(method, { uri: 'skill://pdf' })).rejects.toThrow(/skills:read/);
      await expect(withScope.request(method, { uri: 'skill://pdf' })).resolves.toBeTruthy();
    }
    await expect(without.readResource('skill://pdf/references/GUIDE.md')).rejects.toThrow(/skills:read/);
    expect((await without.request('resources/list')).resources).toEqual([]);
  });

  it('come from a folder, and say which file of it is wrong', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'skills-'));
    try {
      await mkdir(join(folder, 'pdf'));
      await writeFile(join(folder, 'pdf', 'SKILL.md'), skill('pdf'));
      const { definitions } = await loadSkills(folder);
      expect(definitions).toMatchObject([{ uri: 'skill://pdf/SKILL.md' }, { uri: 'skill://{+path}' }]);
      await writeFile(join(folder, 'pdf', 'SKILL.md'), 'no frontmatter');
      await expect(loadSkills(folder)).rejects.toThrow(/cannot be served\. pdf\/SKILL\.md: /);
      await expect(loadSkills(join(folder, 'none'))).rejects.toMatchObject({ code: 'bad_option' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
