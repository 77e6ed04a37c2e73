import { randomBytes } from 'node:crypto';
import { access, chmod, constants, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { openBrowser } from '../open-browser.ts';
import type { Finished, InfraEffects, InfraFiles, RunOptions, Task } from './effects.ts';

/** The real world. What is heavy is loaded when it is used. */
export function createInfraEffects(): InfraEffects {
  return {
    files,
    run: runProgram,
    randomBytes: (size) => randomBytes(size),
    isPortFree,
    delay: (milliseconds, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, milliseconds);
        signal.addEventListener('abort', done);
      }),
    monotonic: () => performance.now(),
    fetch: globalThis.fetch,
    memoryBytes: totalmem(),
    platform: process.platform,
    findProgram,
    openPage: async (url) => openBrowser(url),
    confirm: async (question) => {
      const { createInterface } = await import('node:readline/promises');
      const prompt = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return /^y(?:es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim());
      } finally {
        prompt.close();
      }
    },
    runTasks,
  };
}

const files: InfraFiles = {
  read: (path) => readFile(path, 'utf8').catch(() => undefined),
  async write(path, content, mode) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // Another process never sees half a file, nor one with another mode.
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, content, { mode });
    await chmod(draft, mode);
    await rename(draft, path);
  },
  mode: async (path) => {
    const found = await stat(path).catch(() => undefined);
    return found && found.mode & 0o777;
  },
  remove: (path) => rm(path, { recursive: true, force: true }),
};

async function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { execa } = await import('execa');
  const { cwd, signal, onLine, input } = options;
  const child = execa(program, args, {
    reject: false,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    ...(onLine === undefined ? {} : { all: true, buffer: false }),
  });
  if (onLine !== undefined) for await (const line of child.iterable({ from: 'all' })) onLine(String(line));
  const { exitCode, stdout, stderr, code } = await child;
  return {
    exitCode: exitCode ?? 1,
    stdout: typeof stdout === 'string' ? stdout : '',
    stderr: typeof stderr === 'string' ? stderr : '',
    missing: code === 'ENOENT',
  };
}

function isPortFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

async function runTasks(tasks: readonly Task[], display: 'terminal' | 'plain' | 'silent'): Promise<void> {
  const { Listr, ListrLogger, ProcessOutput } = await import('listr2');
  // Standard output is for the result of the command alone.
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
  const renderer = { terminal: 'default', plain: 'simple', silent: 'silent' } as const;
  const list = new Listr(
    tasks.map(({ title, run }) => ({
      title,
      task: (_: unknown, task: { output: string }) =>
        run((status) => {
          if (display === 'terminal') task.output = status;
        }),
    })),
    {
      concurrent: true,
      exitOnError: true,
      registerSignalListeners: false,
      renderer: renderer[display],
      rendererOptions: { logger },
    },
  );
  await list.run();
}
