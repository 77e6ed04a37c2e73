import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { McpStream } from '../../../tests/faults/mcp-stream.ts';
import { bundleOrigin } from '../../../tests/faults/origin-process.ts';
import { findFreePorts } from '../../../tests/real/ports.ts';
import { type Pushpin, startPushpin } from '../../../tests/real/pushpin.ts';
import type { Cost, Question } from './servers/asked.ts';

/** What the proxies of a benchmark sign with. */
export const KEY: string = `base64:${Buffer.alloc(32, 7).toString('base64')}`;
/** Of more requests at the very same moment, Pushpin 1.36 answers some with 502. */
const AT_ONCE = 40;

/** None of them outlives this process. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A server in a process of its own that streams are opened to. */
export class Subject {
  readonly url: string;
  /** Where this process is reached without a proxy. */
  readonly directUrl: string;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, directUrl: string, url: string) {
    this.#child = child;
    this.directUrl = directUrl;
    this.url = url;
  }

  async cost(): Promise<Cost> {
    return (await this.#ask('cost')) as Cost;
  }

  /** Processor time so far, in milliseconds. */
  async cpu(): Promise<number> {
    return (await this.#ask('cpu')) as number;
  }

  /** Tells every subscriber of one change. */
  async change(): Promise<void> {
    await this.#ask('change');
  }

  /** Starts calls without any transport; they do not end. */
  async startCalls(amount: number): Promise<void> {
    await this.#ask({ calls: amount });
  }

  async end(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
    running.delete(this.#child);
  }

  async #ask(question: Question): Promise<unknown> {
    const answer = once(this.#child, 'message');
    this.#child.send(question);
    return (await answer)[0];
  }
}

/** The servers to compare, with the real Pushpin in front of Odin. */
export interface Bed {
  readonly pushpin: Pushpin;
  readonly odin: Subject;
  /** Another process of the same, that has done nothing yet. */
  restartOdin(): Promise<Subject>;
  /** `createMcpHandler` of the SDK, which holds its streams itself. */
  readonly sdk: Subject;
  close(): Promise<void>;
}

export async function makeBed(): Promise<Bed> {
  const files = await Promise.all(
    ['odin', 'sdk'].map((name) => bundleOrigin(fileURLToPath(new URL(`servers/${name}.ts`, import.meta.url)))),
  );
  const [port = 0] = await findFreePorts(1);
  const pushpin = await startPushpin({ upstream: `http://127.0.0.1:${port}`, key: KEY });
  const startOdin = (): Promise<Subject> =>
    startSubject(files[0] ?? '', { proxyUrl: pushpin.url, env: odinEnvironment(port, pushpin.subscriberUrl) });
  let odin = await startOdin();
  const sdk = await startSubject(files[1] ?? '', {});
  return {
    pushpin,
    get odin() {
      return odin;
    },
    sdk,
    async restartOdin() {
      await odin.end();
      odin = await startOdin();
      return odin;
    },
    async close() {
      await Promise.all([odin.end(), sdk.end()]);
      await pushpin.close();
      await Promise.all(files.map((file) => rm(file, { force: true })));
    },
  };
}

/** Environment of an Odin that publishes to a proxy. */
export function odinEnvironment(port: number, subscriberUrl: string): Record<string, string> {
  return {
    PORT: String(port),
    ASGARD_AUTH: 'none',
    ASGARD_SECRETS: 'the-secret-of-the-benchmark-of-holds',
    ASGARD_REPLICA: 'bench',
    ASGARD_ADVERTISE: `http://127.0.0.1:${port}`,
    GRIP_URL: `${subscriberUrl}?verify-iss=asgard&verify-key=${encodeURIComponent(KEY)}`,
  };
}

/** Starts a bundled server in a process of its own. */
export async function startSubject(
  file: string,
  { proxyUrl, env = {} }: { readonly proxyUrl?: string; readonly env?: Record<string, string> },
): Promise<Subject> {
  const child = fork(file, {
    execArgv: ['--expose-gc', '--max-semi-space-size=2'],
    env: { PATH: process.env.PATH, MALLOC_ARENA_MAX: '1', ...env },
  });
  running.add(child);
  const [port] = await once(child, 'message');
  const direct = `http://127.0.0.1:${port}`;
  return new Subject(child, `${direct}/mcp`, `${proxyUrl ?? direct}/mcp`);
}

let ids = 0;

/** Calls a tool, on a connection of its own. */
export function call(url: string, name: string, args: object = {}): McpStream {
  return new McpStream(url, 'tools/call', { id: `call-${ids++}`, params: { name, arguments: args } });
}

/** Subscribes to changes of the tools. */
export function subscribe(url: string): McpStream {
  return new McpStream(url, 'subscriptions/listen', {
    id: `listen:${ids++}`,
    params: { notifications: { toolsListChanged: true } },
  });
}

/** Opens many streams, a few at a time, until `ready` says of each that it is open. */
export async function openMany(
  amount: number,
  open: () => McpStream,
  ready: (stream: McpStream) => Promise<unknown>,
): Promise<McpStream[]> {
  const streams: McpStream[] = [];
  while (streams.length < amount) {
    const batch = Array.from({ length: Math.min(AT_ONCE, amount - streams.length) }, open);
    await Promise.all(batch.map(ready));
    streams.push(...batch);
  }
  return streams;
}

/** Processor time of processes so far, in milliseconds. */
export function cpuMsOf(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, value) => sum + value, 0) * 10;
}

/** The value below which that part of the samples lies. */
export function percentile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}
