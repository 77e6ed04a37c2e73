import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ListeningServer, listen } from '@asgard/odin/node';
import { until } from '../real/until.ts';
import { problemOf, type RawAnswer } from './check.ts';
import { sendByFetch } from './over-fetch.ts';
import { sendBySocket } from './over-socket.ts';
import { Random } from './random.ts';
import { type FuzzRequest, makeRequest } from './request.ts';
import { createTarget } from './server.ts';

export interface FuzzOptions {
  /** The same seed makes the same requests. */
  readonly seed: number;
  readonly requests: number;
  /** Number of the first request. @default 0 */
  readonly first?: number;
  /** One of so many requests goes over a socket of its own. @default 50 */
  readonly socketEvery?: number;
  readonly onProgress?: (done: number) => void;
}

export interface Failure {
  readonly index: number;
  readonly over: 'fetch' | 'socket';
  readonly problem: string;
  readonly request: FuzzRequest;
}

export interface FuzzReport {
  readonly sent: number;
  readonly failures: readonly Failure[];
  readonly unhandled: readonly unknown[];
  readonly answersByStatus: Readonly<Record<string, number>>;
  /** Bytes that stay in use, after a quarter of the requests and after all of them. */
  readonly heap: { readonly early: number; readonly late: number };
  readonly rss: { readonly early: number; readonly late: number };
  /** Connections that the server still has when every client is gone. */
  readonly connectionsLeft: number;
  /** Milliseconds that the server took to close: `CLOSE_DEADLINE_MS` when an exchange never ended. */
  readonly closeMs: number;
}

/** Requests under way at a time. */
const WORKERS = 32;
/** An exchange that never ended would make the server wait that long. */
export const CLOSE_DEADLINE_MS = 10_000;
/** What may stay in use after all requests that was not after a quarter of them. Bytes. */
export const MAX_GROWTH = 16 * 1_048_576;
/** After so many failures the rest is not worth its time. */
const MAX_FAILURES = 20;

/** Sends mutated requests to one server and looks at every answer. */
export async function fuzz({
  seed,
  requests,
  first = 0,
  socketEvery = 50,
  onProgress,
}: FuzzOptions): Promise<FuzzReport> {
  const odin = await createTarget();
  const server = await listen(odin, { port: 0 });
  const failures: Failure[] = [];
  const answersByStatus: Record<string, number> = {};
  const unhandled = watchUnhandled();
  let next = first;
  let early: NodeJS.MemoryUsage | undefined;

  const send = async (index: number): Promise<void> => {
    const request = makeRequest(seed, index);
    const over = index % socketEvery === socketEvery - 1 ? 'socket' : 'fetch';
    try {
      for (const answer of await answersTo(request, {
        over,
        fetch: odin.fetch,
        port: server.port,
        random: new Random(seed, index, 1),
      })) {
        answersByStatus[answer.status] = (answersByStatus[answer.status] ?? 0) + 1;
        const problem = problemOf(answer);
        if (problem) failures.push({ index, over, problem: `${problem}: ${answer.text.slice(0, 300)}`, request });
      }
    } catch (thrown) {
      failures.push({ index, over, problem: `threw ${describe(thrown)}`, request });
    }
  };
  const work = async (): Promise<void> => {
    while (next < first + requests && failures.length < MAX_FAILURES) {
      const index = next++;
      if (index - first === Math.floor(requests / 4)) early = memory();
      if (index % 10_000 === 0) onProgress?.(index - first);
      await send(index);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  const connectionsLeft = await countConnections(server);
  const closeMs = await timeToClose(server);
  const late = memory();
  unhandled.stop();
  return {
    sent: next - first,
    failures,
    unhandled: unhandled.seen,
    answersByStatus,
    heap: { early: early?.heapUsed ?? late.heapUsed, late: late.heapUsed },
    rss: { early: early?.rss ?? late.rss, late: late.rss },
    connectionsLeft,
    closeMs,
  };
}

interface Way {
  readonly over: 'fetch' | 'socket';
  readonly fetch: (request: Request) => Promise<Response>;
  readonly port: number;
  readonly random: Random;
}

async function answersTo(request: FuzzRequest, { over, fetch, port, random }: Way): Promise<readonly RawAnswer[]> {
  if (over === 'socket') return sendBySocket(port, request, random);
  const answer = await sendByFetch(fetch, request);
  return answer ? [answer] : [];
}

function watchUnhandled(): { readonly seen: unknown[]; stop(): void } {
  const seen: unknown[] = [];
  const note = (reason: unknown): void => void seen.push(describe(reason));
  process.on('unhandledRejection', note);
  process.on('uncaughtExceptionMonitor', note);
  return {
    seen,
    stop: () => {
      process.off('unhandledRejection', note);
      process.off('uncaughtExceptionMonitor', note);
    },
  };
}

/** After a full collection, so that only what is kept counts. */
function memory(): NodeJS.MemoryUsage {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage();
}

/** The system tells a server of clients that are gone when it finds the time. */
async function countConnections({ server }: ListeningServer): Promise<number> {
  const count = (): Promise<number> =>
    new Promise((resolve, reject) => {
      server.getConnections((error, number) => (error ? reject(error) : resolve(number)));
    });
  await until(async () => (await count()) === 0, 10_000).catch(() => {});
  return count();
}

async function timeToClose(server: ListeningServer): Promise<number> {
  const startedAt = performance.now();
  await server.close({ deadlineMs: CLOSE_DEADLINE_MS });
  return performance.now() - startedAt;
}

/** Whatever was thrown, as text, without asking it for anything. */
function describe(thrown: unknown): string {
  try {
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : `${typeof thrown} ${String(thrown)}`;
  } catch {
    return `a ${typeof thrown} that cannot be described`;
  }
}
