import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { listPackages, root } from '../architecture/workspace.ts';
import { readTypeNames } from './declarations.ts';
import { listBuiltEntries } from './packed.ts';

const run = promisify(execFile);
const entries = listPackages().flatMap((pkg) =>
  listBuiltEntries(pkg).map(([name, file]) => ({ name, file: join(pkg.directory, file) })),
);
const neutral = ['@asgard/grip', '@asgard/heimdall-client', '@asgard/odin', '@asgard/odin/testing'];

/** Imports a module in a process of its own, without our export condition, so that the built output answers. */
async function importBuilt(name: string): Promise<string[]> {
  const code = `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(name)})).sort()))`;
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: root });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

/** Modules outside the package that the file loads when it is loaded; lazy imports are not among them. */
async function listLoaded(file: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    packages: 'external',
    logLevel: 'silent',
    outdir: 'out',
  });
  return Object.values(metafile.outputs)
    .flatMap((output) => output.imports)
    .filter((found) => found.external === true && found.kind !== 'dynamic-import')
    .map((found) => found.path);
}

describe.each(entries)('built $name', ({ name, file }) => {
  test('exports the names on record (update with vitest -u when the change is meant)', async () => {
    const values = await importBuilt(name);
    const types = readTypeNames(readFileSync(file.replace(/\.js$/, '.d.ts'), 'utf8'), values);
    const record = [...values, ...types.map((type) => `type ${type}`)].join('\n');
    await expect(`${record}\n`).toMatchFileSnapshot(`exports/${name.replaceAll('/', '.')}.txt`);
  });
});

test.each(neutral)('built %s loads no Node built-in and no native module', async (name) => {
  const entry = entries.find((candidate) => candidate.name === name);
  const loaded = await listLoaded(entry?.file ?? name);
  const bound = new Set(['zeromq', 'undici', 'ioredis', ...builtinModules]);
  expect(loaded.filter((path) => path.startsWith('node:') || bound.has(path))).toEqual([]);
});

test.each(
  listPackages().flatMap((pkg) => Object.entries(pkg.manifest.bin ?? {}).map(([bin, file]) => ({ pkg, bin, file }))),
)('bin $bin runs from the built output', async ({ pkg, file }) => {
  const path = join(pkg.directory, file);
  expect(readFileSync(path, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  const { stdout, stderr } = await run(process.execPath, [path, '--version']);
  expect(stdout.trim()).toBe(JSON.parse(readFileSync(join(pkg.directory, 'package.json'), 'utf8')).version);
  expect(stderr).toBe('');
});

test('create-asgard brings everything it runs on', async () => {
  const loaded = await listLoaded(join(root, 'packages', 'create-asgard', 'dist', 'bin.js'));
  const builtins = new Set(builtinModules);
  expect(loaded.filter((path) => !path.startsWith('node:') && !builtins.has(path))).toEqual([]);
});
