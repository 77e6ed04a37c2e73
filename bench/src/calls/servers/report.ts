import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import type { Question, Told } from '../messages.ts';

const RESOLUTION_MS = 1;

/** How many tools this process shall offer. */
export const TOOLS: number = Number(process.env.TOOLS ?? 1);

/** Listens on a free port, then answers the benchmark's questions. */
export function listenAndReport(server: Server, token?: string): void {
  server.listen(0, '127.0.0.1', () => report((server.address() as AddressInfo).port, token));
}

/** Tells the benchmark that the server listens, and from then on what it uses. */
export function report(port: number, token?: string): void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  tell({ kind: 'ready', port, startMs: performance.now(), ...(token !== undefined && { token }) });
  process.on('message', (question: Question) => {
    if (question === 'end') process.exit(0);
    const { user, system } = process.cpuUsage();
    const eventLoopDelayMs = delay.percentile(99) / 1e6 - RESOLUTION_MS;
    delay.reset();
    tell({ kind: 'usage', cpuMicros: user + system, rss: process.memoryUsage.rss(), eventLoopDelayMs });
  });
  process.on('disconnect', () => process.exit(0));
}

function tell(told: Told): void {
  process.send?.(told);
}
