import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Question, Ready, Told, Usage } from './messages.ts';

/** A server that runs in a process of its own. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly port: number;
  readonly token: string | undefined;
  readonly startMs: number;

  constructor(child: ChildProcess, { port, token, startMs }: Ready) {
    this.#child = child;
    this.port = port;
    this.token = token;
    this.startMs = startMs;
  }

  async usage(): Promise<Usage> {
    const answer = nextMessage(this.#child);
    this.#child.send('usage' satisfies Question);
    return (await answer) as Usage;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.send('end' satisfies Question);
    await ended;
  }
}

/** @throws Error with its last words when the server does not come up */
export async function startServer(folder: string, file: string, env: Record<string, string>): Promise<ServerProcess> {
  const child = fork(join(folder, `${file}.mjs`), {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    execArgv: env.CPU_PROF ? ['--cpu-prof', `--cpu-prof-dir=${env.CPU_PROF}`] : [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2_000);
  });
  const failed = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}: ${said}`)));
    setTimeout(() => reject(new Error(`${file} did not listen within 20 s: ${said}`)), 20_000).unref();
  });
  try {
    return new ServerProcess(child, (await Promise.race([nextMessage(child), failed])) as Ready);
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    failed.catch(() => {});
  }
}

function nextMessage(child: ChildProcess): Promise<Told> {
  return new Promise((resolve) => child.once('message', (told) => resolve(told as Told)));
}
