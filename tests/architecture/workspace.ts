import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const root: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The part of a package.json that the checks read. */
export interface Manifest {
  name: string;
  private?: boolean;
  bin?: Record<string, string>;
  exports?: Record<string, string | Record<string, string>>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

export interface Package {
  /** Folder under packages/. */
  folder: string;
  directory: string;
  manifest: Manifest;
}

/** Every package under packages/, in alphabetical order. */
export function listPackages(): Package[] {
  return readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, 'packages', entry.name, 'package.json')))
    .map((entry) => entry.name)
    .sort()
    .map((folder) => {
      const directory = join(root, 'packages', folder);
      return { folder, directory, manifest: JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) };
    });
}

/** Source files of one package, relative to its src folder, with forward slashes. */
export function listSources(pkg: Package): string[] {
  const src = join(pkg.directory, 'src');
  if (!existsSync(src)) return [];
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.m?tsx?$/.test(path))
    .sort();
}

/** Files that git tracks or would track: what a fresh clone holds, as paths relative to the root. */
export function listTracked(): string[] {
  const out = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return out.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
}

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
