import { type ChildProcess, spawn } from 'node:child_process';

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ShellOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** @default 120000 */
  readonly limitMs?: number;
}

/** Runs a program to its end, within its time. */
export function execute(command: string, args: readonly string[], options: ShellOptions): Promise<Finished> {
  const child = start(command, args, options);
  return child.finished;
}

export interface Running {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** The first line on stdout that fits. Rejects when the program ends before. */
  line(fits: (line: string) => boolean): Promise<string>;
}

export function start(
  command: string,
  args: readonly string[],
  { cwd, env, limitMs = 120_000 }: ShellOptions,
): Running {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, stdout, stderr });
    });
  });
  const line = (fits: (line: string) => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = stdout.split('\n').slice(0, -1).find(fits);
        if (found !== undefined) resolve(found);
      };
      child.stdout.on('data', look);
      void finished.then(() => reject(new Error(`${command} ended before that line came:\n${stdout}\n${stderr}`)));
      look();
    });
  return { process: child, finished, line };
}
