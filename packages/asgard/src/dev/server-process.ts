import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type FromAgent, isAgentMessage, PRELOAD_VARIABLE, type ToAgent } from './agent-message.ts';

export interface ServerProcessOptions {
  readonly directory: string;
  readonly file: string;
  readonly preloadFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onExchange: (exchange: unknown) => void;
  readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void;
}

/** One process of the user's server. It is made waiting, with its packages loaded, and runs when it is told to. */
export interface ServerProcess {
  readonly pid: number | undefined;
  /** Resolves when the process has ended, with its exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  readonly running: boolean;
  start(environment: Readonly<Record<string, string>>): void;
  /** Number of HTTP requests that wait for the end of their answer. */
  measure(): Promise<number>;
  /** Asks it to end, and makes it end after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Always the built file: a plain Node process runs it. */
const AGENT = pathToFileURL(
  join(dirname(createRequire(import.meta.url).resolve('asgard/package.json')), 'dist', 'dev-agent.js'),
).href;

export function createServerProcess(options: ServerProcessOptions): ServerProcess {
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', AGENT, options.file], {
    cwd: options.directory,
    env: { ...options.env, [PRELOAD_VARIABLE]: options.preloadFile },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(1));
  });
  const measurements: ((requests: number) => void)[] = [];
  child.on('message', (message) => {
    if (!isAgentMessage<FromAgent>(message)) return;
    if (message.asgard === 'exchange') options.onExchange(message.exchange);
    else measurements.shift()?.(message.requests);
  });
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => options.onOutput(name, text));
  }
  const tell = (message: ToAgent): void => {
    if (child.connected) child.send(message, () => undefined);
  };
  return {
    pid: child.pid,
    exited,
    get running() {
      return child.exitCode === null && child.signalCode === null && child.pid !== undefined;
    },
    start: (environment) => tell({ asgard: 'start', environment }),
    measure: () =>
      new Promise((resolve) => {
        measurements.push(resolve);
        void exited.then(() => resolve(0));
        tell({ asgard: 'measure' });
      }),
    stop: (graceMs) => stop(child, exited, graceMs),
  };
}

async function stop(child: ChildProcess, exited: Promise<unknown>, graceMs: number): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exited;
  clearTimeout(timer);
}
