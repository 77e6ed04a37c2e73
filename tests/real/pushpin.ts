import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findFreePorts } from './ports.ts';
import { familyOf, sendSignal } from './process-family.ts';
import { formatPushpinConfig, type PushpinPorts } from './pushpin-config.ts';
import { untilItHolds } from './pushpin-probe.ts';
import type { Found } from './requirement.ts';

/** Options of {@link startPushpin}. */
export interface PushpinOptions {
  /** `http://127.0.0.1:port` of the origin. */
  readonly upstream: string;
  /** The key of `Grip-Sig`: `base64:…`. */
  readonly key: string;
  /** The issuer of `Grip-Sig`. @default 'asgard' */
  readonly issuer?: string;
}

/** A running Pushpin: the runner with condure, zurl, proxy and handler. */
export interface Pushpin {
  /** Where clients connect. */
  readonly url: string;
  readonly port: number;
  /** `push_in_sub_specs`: XPUB sockets connect here. */
  readonly subscriberUrl: string;
  /** `push_in_spec`: PUSH sockets connect here. */
  readonly pushUrl: string;
  /** HTTP publishing: items go to `/publish/` below it. */
  readonly publishUrl: string;
  /** Process ids of the runner and of condure, zurl, proxy and handler. */
  readonly pids: readonly number[];
  /** Everything that it has logged, for the message of a failing test. */
  log(): string;
  /** Kills every process at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts again on the same ports after `kill()`. */
  restart(): Promise<void>;
  /** Stops it and removes its folder. */
  close(): Promise<void>;
}

const PROBE_PATH = '/.pushpin-probe';
const START_LIMIT_MS = 10_000;
const SERVICES = ['condure', 'zurl', 'proxy', 'handler'];

/** Looks for the real Pushpin with its parts on the `PATH`. */
export async function findPushpin(path: string = process.env.PATH ?? ''): Promise<Found<{ binary: string }>> {
  const find = async (name: string): Promise<string | undefined> => {
    for (const folder of path.split(delimiter).filter(Boolean)) {
      const file = join(folder, name);
      const found = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return file;
    }
    return undefined;
  };
  const [pushpin, ...parts] = await Promise.all(['pushpin', 'condure', 'zurl'].map(find));
  if (pushpin && parts.every(Boolean)) return { binary: pushpin };
  return { missing: 'pushpin, condure and zurl must be on PATH: apt-get install pushpin' };
}

/** Starts the real Pushpin on free ports of 127.0.0.1, with a folder of its own. Several may run side by side. */
export async function startPushpin(options: PushpinOptions): Promise<Pushpin> {
  const found = await findPushpin();
  if ('missing' in found) throw new Error(found.missing);
  const { binary } = found;
  for (let attempt = 1; ; attempt++) {
    const [http = 0, push = 0, publish = 0, subscriber = 0, probe = 0] = await findFreePorts(5);
    try {
      return await RealPushpin.start(binary, { http, push, publish, subscriber, probe }, options);
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

class RealPushpin implements Pushpin {
  readonly #binary: string;
  readonly #folder: string;
  readonly #ports: PushpinPorts;
  #log = '';
  #process: ChildProcess | undefined;
  #pids: readonly number[] = [];

  readonly #killNow = (): void => {
    for (const pid of this.#pids) sendSignal(pid, 'SIGKILL');
  };

  private constructor(binary: string, folder: string, ports: PushpinPorts) {
    this.#binary = binary;
    this.#folder = folder;
    this.#ports = ports;
  }

  static async start(binary: string, ports: PushpinPorts, options: PushpinOptions): Promise<RealPushpin> {
    const folder = await mkdtemp(join(tmpdir(), 'pushpin-'));
    await writeFile(join(folder, 'pushpin.conf'), formatPushpinConfig(folder, ports, options));
    const routes = [`*,path_beg=${PROBE_PATH} 127.0.0.1:${ports.probe}`, `* ${new URL(options.upstream).host}`];
    await writeFile(join(folder, 'routes'), `${routes.join('\n')}\n`);
    const pushpin = new RealPushpin(binary, folder, ports);
    try {
      await pushpin.restart();
    } catch (error) {
      await pushpin.close();
      throw error;
    }
    return pushpin;
  }

  get port(): number {
    return this.#ports.http;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#ports.http}`;
  }

  get subscriberUrl(): string {
    return `tcp://127.0.0.1:${this.#ports.subscriber}`;
  }

  get pushUrl(): string {
    return `tcp://127.0.0.1:${this.#ports.push}`;
  }

  get publishUrl(): string {
    return `http://127.0.0.1:${this.#ports.publish}`;
  }

  get pids(): readonly number[] {
    return this.#pids;
  }

  log(): string {
    return this.#log;
  }

  async restart(): Promise<void> {
    const child = spawn(this.#binary, [`--config=${join(this.#folder, 'pushpin.conf')}`, '--merge-output'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    this.#pids = [];
    const from = this.#log.length;
    const add = (text: Buffer): void => {
      this.#log += text;
    };
    child.stdout?.on('data', add);
    child.stderr?.on('data', add);
    const started = (): boolean =>
      SERVICES.every((name) => new RegExp(`\\[${name}\\].* started$`, 'm').test(this.#log.slice(from)));
    const deadline = performance.now() + START_LIMIT_MS;
    while (!started()) {
      if (child.exitCode !== null || performance.now() > deadline) {
        throw new Error(`Pushpin did not start:\n${this.#log.slice(from)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    this.#pids = await familyOf(child.pid ?? 0);
    // A test process that ends early must not leave it behind.
    process.once('exit', this.#killNow);
    await untilItHolds(`${this.url}${PROBE_PATH}`, this.#ports.probe);
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async close(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#process;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    // The parts are not in the runner's process group, and outlive it when it is killed.
    const everyone = new Set([...this.#pids, ...(await familyOf(child.pid))]);
    const killAll = (): void => {
      for (const pid of everyone) sendSignal(pid, 'SIGKILL');
    };
    const late = setTimeout(killAll, 5_000);
    if (signal === 'SIGTERM') sendSignal(child.pid, signal);
    else killAll();
    await exited;
    clearTimeout(late);
    process.off('exit', this.#killNow);
    this.#pids = [];
  }
}
