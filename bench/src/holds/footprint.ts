import { setTimeout as delay } from 'node:timers/promises';
import type { McpStream } from '../../../tests/faults/mcp-stream.ts';
import { until } from '../../../tests/real/until.ts';
import { type Row, summarize } from '../bench.ts';
import type { Cost } from './servers/asked.ts';
import { type Bed, call, openMany, type Subject, subscribe } from './subject.ts';

/** What is opened before anything is measured, so that the process has taken the memory that it works with. */
const WARM = 1_500;
const CALLS = 1_000;
const SUBSCRIPTIONS = 3_000;
/** What is kept only until the proxy holds is gone by then. */
const SETTLE_MS = 3_500;

type Footprint = Pick<Cost, 'sockets' | 'residentBytes' | 'heapBytes'>;

/** What each open stream costs the server while nothing happens on it, each kind in a process that has done nothing else. */
export async function measureFootprint(bed: Bed, say: (text: string) => void): Promise<Row[]> {
  const measure = async (name: string, amount: number, open: (odin: Subject) => McpStream): Promise<Footprint> => {
    say(`what it costs the server: ${amount} × ${name}`);
    const odin = await bed.restartOdin();
    return measureStreams(odin, amount, () => open(odin));
  };
  const held = await measure('held subscription', SUBSCRIPTIONS, ({ url }) => subscribe(url));
  const own = await measure('subscription, plain SSE', SUBSCRIPTIONS, ({ directUrl }) => subscribe(directUrl));
  const heldCall = await measure('held call', CALLS, ({ url }) => call(url, 'wait'));
  const ownCall = await measure('call, plain SSE', CALLS, ({ directUrl }) => call(directUrl, 'wait'));
  const handler = await measureHandlers(await bed.restartOdin());
  const holdAlone = {
    sockets: heldCall.sockets,
    residentBytes: heldCall.residentBytes - handler.residentBytes,
    heapBytes: heldCall.heapBytes - handler.heapBytes,
  };
  say(`what it costs createMcpHandler: ${SUBSCRIPTIONS} subscriptions`);
  const peer = await measureStreams(bed.sdk, SUBSCRIPTIONS, () => subscribe(bed.sdk.url));
  return [
    ...rowsOf('held subscription', held, { sockets: 0, residentBytes: 200, comparedWith: 'subscription, plain SSE' }),
    ...rowsOf('subscription, plain SSE', own),
    ...rowsOf('subscription, createMcpHandler', peer),
    ...rowsOf('held call', heldCall, { sockets: 0, comparedWith: 'call, plain SSE' }),
    ...rowsOf('call, plain SSE', ownCall),
    ...rowsOf('call without any transport', handler),
    ...rowsOf('held call, besides its handler', holdAlone, { residentBytes: 6_144 }),
  ];
}

async function measureStreams(subject: Subject, amount: number, open: () => McpStream): Promise<Footprint> {
  const warm = await openMany(WARM, open, isOpen);
  await delay(SETTLE_MS);
  const before = await subject.cost();
  const streams = await openMany(amount, open, isOpen);
  await delay(SETTLE_MS);
  const each = perOne(before, await subject.cost(), amount);
  for (const stream of [...warm, ...streams]) stream.abort();
  await delay(SETTLE_MS);
  return each;
}

/** The handlers alone. */
async function measureHandlers(odin: Subject): Promise<Footprint> {
  await odin.startCalls();
  const before = await odin.cost();
  await odin.startCalls();
  return perOne(before, await odin.cost(), CALLS);
}

function perOne(before: Cost, after: Cost, amount: number): Footprint {
  return {
    sockets: Math.round((after.sockets - before.sockets) / amount),
    residentBytes: (after.residentBytes - before.residentBytes) / amount,
    heapBytes: (after.heapBytes - before.heapBytes) / amount,
  };
}

interface RowOptions {
  readonly sockets?: number;
  readonly residentBytes?: number;
  readonly comparedWith?: string;
}

function rowsOf(name: string, footprint: Footprint, options: RowOptions = {}): Row[] {
  const row = (what: string, unit: Row['unit'], value: number, limit?: number): Row =>
    summarize(`each ${name}: ${what}`, [value], {
      unit,
      ...(limit !== undefined && { limit }),
      ...(options.comparedWith !== undefined &&
        unit === 'bytes' && { comparedWith: `each ${options.comparedWith}: ${what}` }),
    });
  return [
    row('sockets', 'sockets', footprint.sockets, options.sockets),
    row('resident memory', 'bytes', footprint.residentBytes, options.residentBytes),
    row('JavaScript heap', 'bytes', footprint.heapBytes),
  ];
}

/** A call that says nothing is open when its answer has begun. */
async function isOpen(stream: McpStream): Promise<void> {
  await until(() => stream.status !== 0 || stream.outcome !== 'open', 20_000);
  if (stream.status === 200) return;
  throw new Error(`${stream.id} is ${stream.outcome} with status ${stream.status}: ${stream.problem}`);
}
