import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../architecture/workspace.ts';

const run = promisify(execFile);

function placeOf(name: string): { folder: string; python: string; marker: string } {
  const folder = join(root, '.cache', name);
  return { folder, python: join(folder, 'bin', 'python'), marker: join(folder, '.installed') };
}

/** Whether just these packages are there already. */
export async function hasPython(name: string, packages: readonly string[]): Promise<boolean> {
  return (await readFile(placeOf(name).marker, 'utf8').catch(() => '')) === packages.join('\n');
}

/**
 * Installs Python packages in a virtual environment of their own, when they are not there in these versions.
 *
 * @returns the path of its Python
 */
export async function installPython(name: string, packages: readonly string[]): Promise<string> {
  const { folder, python, marker } = placeOf(name);
  if (await hasPython(name, packages)) return python;
  await mkdir(folder, { recursive: true });
  await run('python3', ['-m', 'venv', '--clear', folder]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  await writeFile(marker, packages.join('\n'));
  return python;
}
