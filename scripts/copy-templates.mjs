// Copies templates/*, each with what all projects share, into the package in the current folder, in the form that survives `npm pack`.
import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'templates');
const target = join(process.cwd(), 'templates');
const LEFT_OUT = new Set(['node_modules', 'dist', '.asgard', '.turbo', 'coverage', '.env', '.DS_Store']);

const versions = await readVersions();
await rm(target, { recursive: true, force: true });
await cp(source, target, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
for (const name of await readdir(target)) {
  await cp(join(process.cwd(), 'shared'), join(target, name), { recursive: true, force: false });
  await prepare(join(target, name));
}

async function prepare(template) {
  for (const entry of await readdir(template, { recursive: true, withFileTypes: true })) {
    const name = entry.name;
    // The scaffolder turns every leading underscore back into a dot, so no file may bring its own.
    if (name.startsWith('_'))
      throw new Error(`${relative(root, join(entry.parentPath, name))}: no template file may start with _`);
    if (name.startsWith('.') && entry.isFile())
      await rename(join(entry.parentPath, name), join(entry.parentPath, `_${name.slice(1)}`));
  }
  const path = join(template, 'package.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  for (const group of ['dependencies', 'devDependencies']) {
    for (const dependency of Object.keys(manifest[group] ?? {})) {
      const version = versions.get(dependency);
      if (version !== undefined) manifest[group][dependency] = `^${version}`;
    }
  }
  await writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** Versions of the packages of this workspace, by name. */
async function readVersions() {
  const found = new Map();
  for (const folder of await readdir(join(root, 'packages'))) {
    const manifest = JSON.parse(await readFile(join(root, 'packages', folder, 'package.json'), 'utf8'));
    found.set(manifest.name, manifest.version);
  }
  return found;
}
