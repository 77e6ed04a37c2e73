import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPackages, type Package, root } from '../architecture/workspace.ts';

export interface Packed {
  pkg: Package;
  /** Absolute path of the tarball. */
  tarball: string;
  /** Bytes on the wire. */
  size: number;
  /** Paths inside the package, sorted. */
  files: string[];
}

interface PackReport {
  name: string;
  filename: string;
  size: number;
  files: { path: string }[];
}

/** Packs every package that is published into a temporary folder. Call `remove` at the end. */
export function packAll(): { packed: Packed[]; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'asgard-pack-'));
  const published = listPackages().filter((pkg) => pkg.manifest.private !== true);
  const workspaces = published.flatMap((pkg) => ['--workspace', `packages/${pkg.folder}`]);
  const out = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, '--loglevel', 'error', ...workspaces],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  const reports: PackReport[] = JSON.parse(out);
  const packed = published.map((pkg) => {
    const report = reports.find((candidate) => candidate.name === pkg.manifest.name);
    if (report === undefined) throw new Error(`npm pack made no tarball of ${pkg.manifest.name}`);
    const files = report.files.map((file) => file.path).sort();
    return { pkg, tarball: join(folder, report.filename), size: report.size, files };
  });
  return { packed, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Entries of a package that can be imported: import name -> path of the built file inside the package. */
export function listBuiltEntries(pkg: Package): [name: string, file: string][] {
  return Object.entries(pkg.manifest.exports ?? {}).flatMap(([subpath, target]) =>
    typeof target === 'string' || target.default === undefined
      ? []
      : [[`${pkg.manifest.name}${subpath.slice(1)}`, target.default] as [string, string]],
  );
}
