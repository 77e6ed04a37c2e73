import { readdirSync, readlinkSync } from 'node:fs';
import process from 'node:process';

/** What a server process is asked for. */
export type Question = 'cost' | 'cpu' | 'change' | { readonly calls: number };

/** What a server process has used so far, after a garbage collection. */
export interface Cost {
  readonly cpuMs: number;
  /** Resident memory without the free space that V8 keeps in its heap, which comes and goes by megabytes. */
  readonly residentBytes: number;
  /** Objects and buffers of JavaScript. */
  readonly heapBytes: number;
  /** Open sockets, listening ones included. */
  readonly sockets: number;
}

/** What a server does when it is asked to. */
export interface Deeds {
  /** Tells all subscribers of one change. */
  change(): unknown;
  /** Starts so many calls without any transport, which do not end. */
  calls?(amount: number): unknown;
}

/** Lets the parent process ask, and tells it that the server listens. */
export function serveQuestions(port: number, deeds: Deeds): void {
  process.on('message', async (question: Question) => {
    if (question === 'cost') process.send?.(readCost());
    else if (question === 'cpu') process.send?.(readCpuMs());
    else {
      await (question === 'change' ? deeds.change() : deeds.calls?.(question.calls));
      process.send?.('done');
    }
  });
  process.send?.(port);
}

function readCost(): Cost {
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
  return {
    cpuMs: readCpuMs(),
    residentBytes: rss - (heapTotal - heapUsed),
    heapBytes: heapUsed + external,
    sockets: countSockets(),
  };
}

function readCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function countSockets(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;
}
