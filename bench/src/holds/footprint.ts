import { setTimeout as delay } from 'node:timers/promises';
import type { McpStream } from '../../../tests/faults/mcp-stream.ts';
import { until } from '../../../tests/real/until.ts';
import { type Row, summarize } from '../bench.ts';
import { type Bed, call, openMany, type Subject, subscribe } from './subject.ts';

interface Footprint {
  readonly sockets: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
}

/** What a stream costs the server while nothing happens on it. */
export async function measureFootprint({ odin, sdk }: Bed, say: (text: string) => void): Promise<Row[]> {
  say(
    'what an open stream costs the server: 3,000 subscriptions and 1,000 calls, held and served by the process itself',
  );
  const kinds: [string, Subject, number, () => McpStream, Partial<Record<keyof Footprint, number>>][] = [
    ['held subscription', odin, 3_000, () => subscribe(odin.url), { sockets: 0, rssBytes: 200 }],
    ['subscription, plain SSE', odin, 3_000, () => subscribe(odin.directUrl), {}],
    ['subscription, createMcpHandler', sdk, 3_000, () => subscribe(sdk.url), {}],
    ['held call', odin, 1_000, () => call(odin.url, 'wait'), { sockets: 0, rssBytes: 6_144 }],
    ['call, plain SSE', odin, 1_000, () => call(odin.directUrl, 'wait'), {}],
  ];
  const rows: Row[] = [];
  for (const [name, subject, amount, open, limits] of kinds) {
    const { sockets, rssBytes, heapBytes } = await measure(subject, amount, open);
    const row = (what: string, value: number, unit: Row['unit'], limit: number | undefined): Row =>
      summarize(`each ${name}: ${what}`, [value], { unit, ...(limit !== undefined && { limit }) });
    rows.push(
      row('sockets', sockets, 'sockets', limits.sockets),
      row('RSS', rssBytes, 'bytes', limits.rssBytes),
      row('JavaScript heap', heapBytes, 'bytes', undefined),
    );
  }
  return rows;
}

/** Opens them twice: what the process keeps for good after the first time is no cost of an open stream. */
async function measure(subject: Subject, amount: number, open: () => McpStream): Promise<Footprint> {
  const round = async (): Promise<Footprint> => {
    const before = await subject.cost();
    const streams = await openMany(amount, open, isOpen);
    // What is kept until the proxy holds is gone by then.
    await delay(3_500);
    const after = await subject.cost();
    for (const stream of streams) stream.abort();
    await delay(2_500);
    return {
      sockets: Math.round((after.sockets - before.sockets) / amount),
      rssBytes: Math.max(0, after.rssBytes - before.rssBytes) / amount,
      heapBytes: (after.heapBytes - before.heapBytes) / amount,
    };
  };
  await round();
  return round();
}

/** A call that says nothing is open when its answer has begun. */
async function isOpen(stream: McpStream): Promise<void> {
  await until(() => stream.status !== 0 || stream.outcome !== 'open', 20_000);
  if (stream.status === 200) return;
  throw new Error(`${stream.id} is ${stream.outcome} with status ${stream.status}: ${stream.problem}`);
}
