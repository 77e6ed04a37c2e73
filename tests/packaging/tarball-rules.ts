import type { Manifest } from '../architecture/workspace.ts';
import type { Packed } from './packed.ts';

const top = /^(?:bin|dist|src|templates)\/|^(?:package\.json|README\.md|LICENSE)$/;
const unwanted =
  /(?:^|\/)(?:node_modules|test|tests|coverage|\.turbo|\.asgard)\/|\.(?:test|spec)\.|tsconfig|tsup\.config|\.log$|(?:^|\/)\.env$/;

/** What is wrong with the file list of a tarball; empty when nothing is. */
export function judgeTarball({ pkg, files }: Pick<Packed, 'pkg' | 'files'>): string[] {
  const has = new Set(files);
  const wrong = ['package.json', 'README.md', 'LICENSE']
    .filter((file) => !has.has(file))
    .map((file) => `${file} is missing`);
  for (const target of listTargets(pkg.manifest)) {
    if (!has.has(target.replace(/^\.\//, ''))) wrong.push(`${target} is named by package.json but missing`);
  }
  for (const file of files) {
    if (!top.test(file)) wrong.push(`${file} does not belong in the package`);
    // A template brings its own tests and settings: they are its content.
    if (!file.startsWith('templates/') && unwanted.test(file)) wrong.push(`${file} is not for users`);
  }
  return wrong;
}

/** Files that exports and bin of a package.json name. */
function listTargets(manifest: Manifest): string[] {
  const exported = Object.values(manifest.exports ?? {}).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  );
  return [...new Set([...exported, ...Object.values(manifest.bin ?? {})])];
}
