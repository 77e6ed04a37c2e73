import { setTimeout as delay } from 'node:timers/promises';
import type { McpStream } from '../../../tests/faults/mcp-stream.ts';
import { until } from '../../../tests/real/until.ts';
import { type Row, summarize } from '../bench.ts';
import type { Cost } from './servers/asked.ts';
import { type Bed, call, openMany, type Subject, subscribe } from './subject.ts';

/** Streams that are opened before anything is measured, so that the process has taken the memory that it works with. */
const WARM = 4_000;
const BATCHES = 5;
const BATCH = 1_000;
/** What is kept only until the proxy holds is gone by then. */
const SETTLE_MS = 3_500;

type Footprint = Pick<Cost, 'sockets' | 'residentBytes' | 'heapBytes'>;
type Samples = readonly Footprint[];

/** What each open stream costs the server while nothing happens on it, each kind in a process that has done nothing else. */
export async function measureFootprint(bed: Bed, say: (text: string) => void): Promise<Row[]> {
  const measure = async (name: string, open: (odin: Subject) => McpStream): Promise<Samples> => {
    say(`what it costs the server: ${BATCHES} × ${BATCH} × ${name}`);
    const odin = await bed.restartOdin();
    return measureStreams(odin, () => open(odin));
  };
  const held = await measure('held subscription', ({ url }) => subscribe(url));
  const own = await measure('subscription, plain SSE', ({ directUrl }) => subscribe(directUrl));
  const heldCall = await measure('held call', ({ url }) => call(url, 'wait'));
  const ownCall = await measure('call, plain SSE', ({ directUrl }) => call(directUrl, 'wait'));
  const handler = await measureHandlers(await bed.restartOdin());
  say('what it costs createMcpHandler');
  const peer = await measureStreams(bed.sdk, () => subscribe(bed.sdk.url));
  return [
    // So little that what else comes and goes hides it: the limits are those of `npm run bench -- listens`, over many more.
    ...rowsOf('held subscription', held, { sockets: 0, comparedWith: 'subscription, plain SSE' }),
    ...rowsOf('subscription, plain SSE', own),
    ...rowsOf('subscription, createMcpHandler', peer),
    ...rowsOf('held call', heldCall, { sockets: 0, comparedWith: 'call, plain SSE' }),
    ...rowsOf('call, plain SSE', ownCall),
    ...rowsOf('call without any transport', handler),
    ...rowsOf(
      'held call, besides its handler',
      heldCall.map((sample, index) => less(sample, handler[index])),
      { residentBytes: 6_144, heapBytes: 6_144 },
    ),
  ];
}

async function measureStreams(subject: Subject, open: () => McpStream): Promise<Samples> {
  const streams = await openMany(WARM, open, isOpen);
  const costs: Cost[] = [];
  for (let batch = 0; batch <= BATCHES; batch++) {
    if (batch > 0) streams.push(...(await openMany(BATCH, open, isOpen)));
    await delay(SETTLE_MS);
    costs.push(await subject.cost());
  }
  for (const stream of streams) stream.abort();
  await delay(SETTLE_MS);
  return growth(costs, BATCH);
}

/** The handlers alone. */
async function measureHandlers(odin: Subject): Promise<Samples> {
  const costs: Cost[] = [];
  for (let warm = 0; warm < WARM; warm += BATCH) await odin.startCalls(BATCH);
  for (let batch = 0; batch <= BATCHES; batch++) {
    if (batch > 0) await odin.startCalls(BATCH);
    costs.push(await odin.cost());
  }
  return growth(costs, BATCH);
}

function growth(costs: readonly Cost[], amount: number): Samples {
  return costs.slice(1).map((after, index) => {
    const before = costs[index] ?? after;
    return {
      sockets: Math.round((after.sockets - before.sockets) / amount),
      residentBytes: (after.residentBytes - before.residentBytes) / amount,
      heapBytes: (after.heapBytes - before.heapBytes) / amount,
    };
  });
}

function less(sample: Footprint, other: Footprint | undefined): Footprint {
  return {
    sockets: sample.sockets,
    residentBytes: sample.residentBytes - (other?.residentBytes ?? 0),
    heapBytes: sample.heapBytes - (other?.heapBytes ?? 0),
  };
}

interface RowOptions extends Partial<Footprint> {
  readonly comparedWith?: string;
}

const ROWS = [
  ['sockets', 'sockets', 'sockets'],
  ['residentBytes', 'resident memory', 'bytes'],
  ['heapBytes', 'JavaScript heap', 'bytes'],
] as const;

function rowsOf(name: string, samples: Samples, { comparedWith, ...limits }: RowOptions = {}): Row[] {
  return ROWS.map(([key, what, unit]) =>
    summarize(
      `each ${name}: ${what}`,
      samples.map((sample) => sample[key]),
      {
        unit,
        ...(limits[key] !== undefined && { limit: limits[key] }),
        ...(comparedWith !== undefined && unit === 'bytes' && { comparedWith: `each ${comparedWith}: ${what}` }),
      },
    ),
  );
}

/** A call that says nothing is open when its answer has begun. */
async function isOpen(stream: McpStream): Promise<void> {
  await until(() => stream.status !== 0 || stream.outcome !== 'open', 20_000);
  if (stream.status === 200) return;
  throw new Error(`${stream.id} is ${stream.outcome} with status ${stream.status}: ${stream.problem}`);
}
