import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Files, Io, Output } from './io.ts';

/** The real world. Takes over Ctrl-C: a first one aborts `interrupted`, a second one ends the process. */
export function createNodeIo(): Io {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  return {
    stdin: { isTTY: process.stdin.isTTY === true },
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    nodeVersion: process.versions.node,
    version: readVersion(),
    templatesDirectory: fileURLToPath(new URL('../templates', import.meta.url)),
    files,
    interrupted: interrupted.signal,
    randomId: () => randomUUID().slice(0, 8),
    execute,
    ask: async (questions) => {
      const { prompt } = await import('./prompts.ts');
      return prompt(questions, interrupted.signal);
    },
  };
}

function output(stream: NodeJS.WriteStream): Output {
  return { isTTY: stream.isTTY === true, write: (text) => void stream.write(text) };
}

function readVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}

const files: Files = {
  async kind(path) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return undefined;
    return found.isDirectory() ? 'folder' : 'file';
  },
  list: async (folder) => (await readdir(folder)).sort(),
  read: (path) => readFile(path),
  write: (path, content) => writeFile(path, content),
  makeFolder: (path) => mkdir(path, { recursive: true }),
  move: (from, to) => rename(from, to),
  remove: (path) => rm(path, { recursive: true, force: true }),
};

function execute(
  command: string,
  args: readonly string[],
  { cwd, quiet = false }: { cwd: string; quiet?: boolean },
): Promise<number> {
  const stdio = quiet ? ('ignore' as const) : (['ignore', 2, 2] as const);
  // Package managers are .cmd files on Windows, which only a shell can start; no argument here comes from the user.
  const child = spawn(command, args, {
    cwd,
    stdio: stdio === 'ignore' ? stdio : [...stdio],
    shell: process.platform === 'win32',
  });
  const forward = (): void => void child.kill('SIGTERM');
  process.once('SIGTERM', forward);
  return new Promise((resolve) => {
    const settle = (exitCode: number): void => {
      process.off('SIGTERM', forward);
      resolve(exitCode);
    };
    child.once('error', (error: NodeJS.ErrnoException) => settle(error.code === 'ENOENT' ? 127 : 1));
    child.once('exit', (code) => settle(code ?? 1));
  });
}
