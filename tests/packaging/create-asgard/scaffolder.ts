import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach } from 'vitest';

/** The scaffolder as npm would deliver it: packed, unpacked, run as a process. */
export interface Scaffolder {
  /** Where it is unpacked, in `package`. */
  readonly root: string;
  readonly tarball: string;
  /** The empty folder in which the running test calls it. */
  readonly work: string;
  /** With a closed stdin. */
  create(...args: readonly string[]): Ended;
  /** The same with more in its environment. */
  createWith(more: Readonly<Record<string, string>>, ...args: readonly string[]): Ended;
  /** On a terminal, with the arguments as they are typed. */
  openTerminal(args: string): Terminal;
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Terminal {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  output(): string;
  /** Rejects when the process ends before it has written the text. */
  until(text: string): Promise<void>;
}

/** Packs once for the tests of a file, and gives each a folder of its own. */
export function useScaffolder(): Scaffolder {
  const root = mkdtempSync(join(tmpdir(), 'create-asgard-'));
  const bin = join(root, 'package/dist/bin.js');
  const env = { PATH: process.env.PATH, HOME: root, npm_config_user_agent: 'npm/11.0.0 node/v20.19.0 linux x64' };
  let work = root;
  let tarball = '';

  beforeAll(async () => {
    const run = promisify(execFile);
    const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', root], {
      cwd: join(import.meta.dirname, '../../../packages/create-asgard'),
    });
    const [packed] = JSON.parse(stdout) as { filename: string }[];
    tarball = join(root, packed?.filename ?? '');
    await run('tar', ['-xzf', tarball, '-C', root]);
  }, 60_000);
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  beforeEach((context) => {
    work = join(root, context.task.id);
    mkdirSync(work);
  });

  const createWith = (more: Readonly<Record<string, string>>, ...args: readonly string[]): Ended =>
    spawnSync(process.execPath, [bin, ...args], {
      cwd: work,
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: 20_000,
    });
  return {
    root,
    get tarball() {
      return tarball;
    },
    get work() {
      return work;
    },
    create: (...args) => createWith({}, ...args),
    createWith,
    openTerminal: (args) => openTerminal(`${process.execPath} ${bin} ${args}`, { cwd: work, env }),
  };
}

/** `script` gives the process a terminal on all three streams and passes its exit code on. */
function openTerminal(command: string, { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }): Terminal {
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd,
    env: { ...env, TERM: 'xterm' },
    timeout: 20_000,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return {
    child,
    exit: new Promise((resolve) => child.once('exit', resolve)),
    output: () => output,
    until: (text) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (output.includes(text)) resolve();
        };
        child.stdout.on('data', check);
        child.once('exit', () => reject(new Error(`The process ended before "${text}": ${output}`)));
        check();
      }),
  };
}
