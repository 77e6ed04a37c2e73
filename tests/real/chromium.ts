import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Found } from './requirement.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The browser of this machine: `CHROMIUM`, or the first one on the PATH. */
export function findChromium(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Found<{ readonly executablePath: string }> {
  const folders = (env.PATH ?? '').split(delimiter);
  const candidates = [env.CHROMIUM, ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))];
  const executablePath = candidates.find((path) => path !== undefined && path !== '' && isExecutable(path));
  if (executablePath !== undefined) return { executablePath };
  return { missing: 'Chromium was not found: install the package chromium, or name the program in CHROMIUM.' };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
