import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listPackages, root } from '../architecture/workspace.ts';
import { type Packed, packAll } from './packed.ts';
import { judgeTarball } from './tarball-rules.ts';

const run = promisify(execFile);
const published = listPackages().filter((pkg) => pkg.manifest.private !== true);
let packed: Packed[] = [];
let remove = () => {};

beforeAll(() => {
  ({ packed, remove } = packAll());
}, 120_000);
afterAll(() => remove());

function find(name: string): Packed {
  const found = packed.find((candidate) => candidate.pkg.manifest.name === name);
  if (found === undefined) throw new Error(`${name} was not packed`);
  return found;
}

describe.each(published.map((pkg) => pkg.manifest.name))('tarball of %s', (name) => {
  test('holds what it names and nothing else', () => {
    expect(judgeTarball(find(name))).toEqual([]);
  });

  test('publint finds nothing', async () => {
    const { tarball } = find(name);
    const file = readFileSync(tarball);
    const data = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
    const result = await publint({ pack: { tarball: data }, strict: true });
    expect(result.messages.map((message) => formatMessage(message, result.pkg, { color: false }))).toEqual([]);
  });
});

describe.each(published.filter((pkg) => pkg.manifest.exports !== undefined).map((pkg) => pkg.manifest.name))(
  'types of %s',
  (name) => {
    test('resolve for ESM users', async () => {
      const attw = join(root, 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js');
      const args = [attw, find(name).tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'];
      const { stdout } = await run(process.execPath, args).catch((error: Error & { stdout?: string }) => {
        throw new Error(`arethetypeswrong refuses ${name}\n${error.stdout ?? error.message}`);
      });
      expect(stdout).toContain('node16 (from ESM): OK (ESM)');
    });
  },
);

describe('create-asgard', () => {
  test('is one small download with everything in it', () => {
    const { pkg, size, files } = find('create-asgard');
    expect(size).toBeLessThan(1_000_000);
    expect(pkg.manifest.dependencies).toBeUndefined();
    expect(pkg.manifest.peerDependencies).toBeUndefined();
    expect(files.some((file) => file.startsWith('templates/decorators/'))).toBe(true);
    // npm leaves .gitignore and .npmrc out of every tarball; they travel under another name.
    expect(files).toContain('templates/decorators/_gitignore');
  });
});

test('the rules find a bad tarball', () => {
  const pkg = {
    folder: 'x',
    directory: '/x',
    manifest: { name: 'x', exports: { '.': { default: './dist/index.js' } }, bin: { x: './dist/bin.js' } },
  };
  const files = ['package.json', 'LICENSE', 'dist/index.js', 'test/a.test.ts', 'src/a.test.ts', '.env'];
  const wrong = judgeTarball({ pkg, files }).join('\n');
  for (const part of ['README.md', './dist/bin.js', 'test/a.test.ts', 'src/a.test.ts', '.env'])
    expect(wrong).toContain(part);
  expect(wrong).not.toContain('dist/index.js');
});
