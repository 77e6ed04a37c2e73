import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execute } from './shell.ts';

export interface Image {
  /** What is in the working directory of the last stage. */
  readonly folder: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export interface BuildOptions {
  readonly project: string;
  /** Where the stages get folders. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const WORKDIR = '/app/';

/**
 * Carries out the lines of a project's Dockerfile without an engine: each stage is an empty folder that stands for its
 * working directory, and a program of this machine for that of the base image.
 */
export async function buildWithoutEngine({ project, home, env }: BuildOptions): Promise<Image> {
  const stages = new Map<string, string>();
  const environment: Record<string, string> = {};
  let folder = '';
  let command: readonly string[] = [];
  for (const line of readFileSync(join(project, 'Dockerfile'), 'utf8').split('\n')) {
    const [instruction = '', ...words] = line.split(' ');
    const rest = words.join(' ');
    if (instruction === 'FROM') {
      folder = mkdtempSync(join(home, 'stage-'));
      stages.set(words[2] ?? 'last', folder);
    } else if (instruction === 'COPY') copy(words, { project, folder, stages });
    else if (instruction === 'RUN') await run(rest, { folder, env });
    else if (instruction === 'ENV')
      Object.assign(environment, Object.fromEntries(words.map((word) => word.split('='))));
    else if (instruction === 'CMD') command = JSON.parse(rest) as string[];
    else if (!['', '#', 'WORKDIR', 'USER', 'EXPOSE'].includes(instruction)) throw new Error(`not understood: ${line}`);
  }
  return { folder, command, environment };
}

function copy(
  words: readonly string[],
  { project, folder, stages }: { project: string; folder: string; stages: ReadonlyMap<string, string> },
): void {
  const from = words[0]?.startsWith('--from=') ? stages.get(words[0].slice('--from='.length)) : undefined;
  const sources = words.slice(from === undefined ? 0 : 1, -1);
  for (const source of sources) {
    if (source === '.') copyAll(project, folder);
    else if (from !== undefined) copyOne(join(from, source.slice(WORKDIR.length)), folder);
    else if (!source.endsWith('*') || existsSync(join(project, source.slice(0, -1))))
      copyOne(join(project, source.replace('*', '')), folder);
  }
}

function copyOne(source: string, folder: string): void {
  cpSync(source, join(folder, basename(source)), { recursive: true });
}

/** All but what `.dockerignore` names. */
function copyAll(project: string, folder: string): void {
  const ignored = new Set(readFileSync(join(project, '.dockerignore'), 'utf8').split(/\/?\n/));
  for (const name of readdirSync(project)) if (!ignored.has(name)) copyOne(join(project, name), folder);
}

async function run(command: string, { folder, env }: { folder: string; env: BuildOptions['env'] }): Promise<void> {
  const { exitCode, stderr } = await execute('sh', ['-c', command], { cwd: folder, env, limitMs: 240_000 });
  if (exitCode !== 0) throw new Error(`RUN ${command} ended with ${exitCode}: ${stderr}`);
}
