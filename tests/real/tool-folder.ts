import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { root } from '../architecture/workspace.ts';

const run = promisify(execFile);

/** npm packages in a folder of their own, because they need a newer Node than the workspace; that Node comes with them. */
export interface ToolFolder {
  readonly folder: string;
  /** Path of the newer Node. */
  readonly node: string;
}

const NODE = '24';

function describe(
  name: string,
  tools: Readonly<Record<string, string>>,
): ToolFolder & { manifest: string; marker: string } {
  const folder = join(root, '.cache', name);
  return {
    folder,
    node: join(folder, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
    manifest: `${JSON.stringify({ private: true, dependencies: { ...tools, node: NODE } }, undefined, 2)}\n`,
    marker: join(folder, 'node_modules', '.installed'),
  };
}

/** Whether just these versions are there already. */
export async function hasTools(name: string, tools: Readonly<Record<string, string>>): Promise<boolean> {
  const { manifest, marker } = describe(name, tools);
  return (await readFile(marker, 'utf8').catch(() => '')) === manifest;
}

/** Installs the tools when they are not there in these versions. `options` are npm's. */
export async function installTools(
  name: string,
  tools: Readonly<Record<string, string>>,
  options: readonly string[] = [],
): Promise<ToolFolder> {
  const { folder, node, manifest, marker } = describe(name, tools);
  if (await hasTools(name, tools)) return { folder, node };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), manifest);
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel', 'error'];
  await run('npm', ['install', ...quiet, ...options], { cwd: folder });
  await writeFile(marker, manifest);
  return { folder, node };
}
