import { dirname, join } from 'node:path';
import { DEV_FILE, type DevFile, parseDevFile } from './dev/dev-file.ts';
import { AsgardError } from './errors.ts';
import type { Io } from './io.ts';

export interface Project {
  /** Absolute. */
  readonly directory: string;
  readonly name: string;
}

/** The nearest folder at or above the working folder that has a package.json. @throws AsgardError `usage` */
export async function findProject(io: Io): Promise<Project> {
  for (const directory of upwards(io.cwd)) {
    const text = await io.files.read(join(directory, 'package.json'));
    if (text !== undefined) return { directory, name: readName(text) };
  }
  throw new AsgardError(
    'usage',
    `There is no package.json in ${io.cwd} or above. Make a project: npm create asgard my-server`,
  );
}

/** The `asgard dev` that runs in this folder or above. @throws AsgardError `not_running` */
export async function findRunning(io: Io): Promise<DevFile> {
  for (const directory of upwards(io.cwd)) {
    const running = await readRunning(io, directory);
    if (running !== undefined) return running;
  }
  throw new AsgardError(
    'not_running',
    `No "asgard dev" runs for ${io.cwd}. Start it in another terminal: npx asgard dev`,
  );
}

/** The `asgard dev` of this very folder; a file that a killed one left behind does not count. */
export async function readRunning(io: Io, directory: string): Promise<DevFile | undefined> {
  const text = await io.files.read(join(directory, DEV_FILE));
  const file = text === undefined ? undefined : parseDevFile(text);
  return file !== undefined && io.processExists(file.pid) ? file : undefined;
}

function* upwards(from: string): Generator<string> {
  for (let directory = from; ; directory = dirname(directory)) {
    yield directory;
    if (directory === dirname(directory)) return;
  }
}

function readName(manifest: string): string {
  try {
    const { name } = JSON.parse(manifest) as { name?: unknown };
    if (typeof name === 'string') return name.replace(/^@[^/]+\//, '');
  } catch (cause) {
    throw new AsgardError('usage', 'package.json is not JSON.', { cause });
  }
  return 'server';
}
