import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { until } from '../real/until.ts';
import type { OriginReport } from './odin-origin.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SECRET = 'a secret of the fault tests, long enough';

/** Where an origin listens and whom it publishes to. */
export interface OriginOptions {
  readonly port: number;
  readonly replica: string;
  /** The proxy, if there is one. */
  readonly proxy?: {
    /** Its `push_in_sub_specs`. */
    readonly subscriberUrl: string;
    /** The key of `Grip-Sig`. */
    readonly key: string;
  };
  /** What the replicas share. @default nothing */
  readonly redisUrl?: string;
  /** Whether links lead straight to this process. @default true */
  readonly advertise?: boolean;
  /** Where links lead instead: to any of the processes. */
  readonly service?: string;
}

/** One file, the caller's to remove, that starts in a fraction of a second. TypeScript on the fly would be half of every time that is measured here. */
export async function bundleOrigin(
  entry: string = fileURLToPath(new URL('./odin-origin.ts', import.meta.url)),
): Promise<string> {
  const folder = `${ROOT}.cache/faults`;
  await mkdir(folder, { recursive: true });
  const outfile = `${folder}/${process.pid}-${entry.split('/').at(-1)?.replace(/\.ts$/, '')}.mjs`;
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@asgard/source'],
    external: ['zeromq'],
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
}

/** A server process that can be killed and started again on the same port. */
export class OriginProcess {
  readonly reports: OriginReport[] = [];
  readonly #file: string;
  readonly #options: OriginOptions;
  #child: ChildProcess | undefined;

  constructor(file: string, options: OriginOptions) {
    this.#file = file;
    this.#options = options;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get exitCode(): number | null | undefined {
    return this.#child?.exitCode;
  }

  /** Starts the process; resolves when it listens. */
  async start(): Promise<void> {
    const { port, replica, proxy, redisUrl, advertise = true, service } = this.#options;
    const child = fork(this.#file, {
      execArgv: ['--expose-gc'],
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        ASGARD_AUTH: 'none',
        ASGARD_SECRETS: SECRET.replaceAll(' ', '-'),
        ASGARD_REPLICA: replica,
        ...(advertise && { ASGARD_ADVERTISE: this.url }),
        ...(service !== undefined && { ASGARD_SERVICE: service }),
        ...(proxy && {
          GRIP_URL: `${proxy.subscriberUrl}?verify-iss=asgard&verify-key=${encodeURIComponent(proxy.key)}`,
        }),
        ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
      },
    });
    this.#child = child;
    const killed = (): void => void child.kill('SIGKILL');
    process.once('exit', killed);
    child.once('exit', () => process.off('exit', killed));
    const before = this.reports.length;
    child.on('message', (report) => this.reports.push(report as OriginReport));
    await until(() => this.reports.slice(before).some(({ kind }) => kind === 'listening'), 20_000);
    await until(async () => (await fetch(`${this.url}/.odin/ready`)).ok, 5_000);
  }

  /** Ends the process; resolves when it is gone. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  /** Ids of calls that were started, or aborted, with their times. */
  times(kind: 'started' | 'aborted'): Map<string | number, number> {
    return new Map(this.reports.flatMap((report) => (report.kind === kind ? [[report.id, report.at] as const] : [])));
  }

  /** What the process has used so far, after a garbage collection. */
  async cost(): Promise<Extract<OriginReport, { kind: 'cost' }>> {
    const before = this.reports.length;
    this.#child?.send('cost');
    const find = (): OriginReport | undefined => this.reports.slice(before).find(({ kind }) => kind === 'cost');
    await until(find);
    return find() as Extract<OriginReport, { kind: 'cost' }>;
  }
}
