import { setTimeout as delay } from 'node:timers/promises';
import type { McpStream } from '../../../tests/faults/mcp-stream.ts';
import { until } from '../../../tests/real/until.ts';
import { type Row, summarize } from '../bench.ts';
import { type Bed, cpuMsOf, openMany, percentile, type Subject, subscribe } from './subject.ts';

const CHANGES = 40;
/** From one change to the next, for all alike: right after another, a change is cheaper than after a pause. */
const INTERVAL_MS = 200;

interface FanOut {
  /** Processor time of the server for each change, without what it uses when nothing changes. */
  readonly cpuMs: readonly number[];
  readonly lastClientMs: readonly number[];
  readonly proxyCpuMs: readonly number[];
  /** Streams that broke. Their clients know it, and subscribe again. */
  readonly cut: number;
}

/** One change for many subscribers: what it costs the server, the proxy, and the last client to hear of it. */
export async function measureFanOut(bed: Bed, say: (text: string) => void): Promise<Row[]> {
  const measure = async (subject: Subject, subscribers: number): Promise<FanOut> => {
    say(
      `${subscribers} subscriptions ${subject === bed.odin ? 'held' : 'served by createMcpHandler itself'}, ${CHANGES} changes`,
    );
    const streams = await openMany(
      subscribers,
      () => subscribe(subject.url),
      (stream) => stream.has(1),
    );
    await delay(3_000);
    const figures = await tell(subject, streams, () => (subject === bed.odin ? cpuMsOf(bed.pushpin.pids) : 0));
    if (figures.cut > 0) say(`${figures.cut} broke; Pushpin: ${warningsIn(bed.pushpin.log()) || 'no warning'}`);
    for (const stream of streams) stream.abort();
    await delay(1_500);
    return figures;
  };
  const [few, many, own] = [
    await measure(bed.odin, 1_000),
    await measure(bed.odin, 3_000),
    await measure(bed.sdk, 3_000),
  ];
  const [fewMs, manyMs, ownMs] = [few, many, own].map(({ cpuMs }) => percentile(cpuMs, 0.5)) as [
    number,
    number,
    number,
  ];
  return [
    summarize('one change: server CPU, 1,000 held', few.cpuMs, { unit: 'ms' }),
    summarize('one change: server CPU, 3,000 held', many.cpuMs, { unit: 'ms' }),
    summarize('one change: server CPU, 3,000 by createMcpHandler', own.cpuMs, {
      unit: 'ms',
      comparedWith: 'one change: server CPU, 3,000 held',
    }),
    summarize('server CPU, 3,000 held / 1,000 held', [manyMs / fewMs], { unit: '×', limit: 1.3 }),
    summarize('server CPU, held / createMcpHandler, 3,000', [manyMs / ownMs], { unit: '×', limit: 0.01 }),
    summarize('createMcpHandler / held, 3,000', [ownMs / manyMs], { unit: '×', field: 'fanOutCpuRatio' }),
    summarize('one change: last client, 1,000 held', few.lastClientMs, { unit: 'ms' }),
    summarize('one change: last client, 3,000 held', many.lastClientMs, { unit: 'ms' }),
    summarize('one change: last client, 3,000 by createMcpHandler', own.lastClientMs, {
      unit: 'ms',
      comparedWith: 'one change: last client, 3,000 held',
    }),
    summarize('one change: CPU of Pushpin, 3,000 held', many.proxyCpuMs, {
      unit: 'ms',
      comparedWith: 'one change: server CPU, 3,000 by createMcpHandler',
    }),
    summarize('subscriptions that broke, of 4,000 held', [few.cut + many.cut], { unit: 'streams' }),
  ];
}

/** What Pushpin says of streams that it broke by itself. */
function warningsIn(log: string): string {
  return log
    .split('\n')
    .filter((line) => /^\[(?:WARN|ERR)\]/.test(line))
    .slice(-5)
    .join('; ');
}

async function tell(subject: Subject, streams: readonly McpStream[], proxyCpuMs: () => number): Promise<FanOut> {
  let heard = 1;
  const change = async (): Promise<number> => {
    const asked = performance.now();
    await subject.change();
    await untilHeard(streams, ++heard);
    return Math.max(...streams.map(({ lastAt }) => lastAt)) - asked;
  };
  for (let warm = 0; warm < 3; warm++) await change();
  const cpuMs: number[] = [];
  const lastClientMs: number[] = [];
  const proxyMs: number[] = [];
  for (let round = 0; round < CHANGES; round++) {
    // The same time, and a question that makes it do nothing.
    const idle = await usage(subject, proxyCpuMs, () => subject.cpu());
    const busy = await usage(subject, proxyCpuMs, async () => {
      lastClientMs.push(await change());
    });
    cpuMs.push(busy.cpuMs - idle.cpuMs);
    proxyMs.push(busy.proxyMs - idle.proxyMs);
  }
  assertOwnIds(streams);
  return { cpuMs, lastClientMs, proxyCpuMs: proxyMs, cut: streams.filter(({ outcome }) => outcome !== 'open').length };
}

async function untilHeard(streams: readonly McpStream[], amount: number): Promise<void> {
  const missing = (): McpStream[] =>
    streams.filter(({ outcome, messages }) => outcome === 'open' && messages.length !== amount);
  await until(() => missing().length === 0, 30_000).catch((cause: unknown) => {
    const [first] = missing();
    throw new Error(`${missing().length} open streams did not hear a change once, such as ${first?.id}`, { cause });
  });
}

async function usage(
  subject: Subject,
  proxyCpuMs: () => number,
  run: () => Promise<unknown>,
): Promise<{ cpuMs: number; proxyMs: number }> {
  const [before, proxyBefore, started] = [await subject.cpu(), proxyCpuMs(), performance.now()];
  await run();
  await delay(started + INTERVAL_MS - performance.now());
  return { cpuMs: (await subject.cpu()) - before, proxyMs: proxyCpuMs() - proxyBefore };
}

function assertOwnIds(streams: readonly McpStream[]): void {
  for (const { id, messages } of streams) {
    const told = messages.slice(1).map(({ params }) => params?._meta?.['io.modelcontextprotocol/subscriptionId']);
    if (told.some((subscription) => subscription !== id)) throw new Error(`${id} was told of another's subscription`);
  }
}
