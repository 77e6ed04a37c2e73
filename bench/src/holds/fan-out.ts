import { setTimeout as delay } from 'node:timers/promises';
import type { McpStream } from '../../../tests/faults/mcp-stream.ts';
import { until } from '../../../tests/real/until.ts';
import { type Row, summarize } from '../bench.ts';
import { type Bed, cpuMsOf, openMany, type Subject, subscribe } from './subject.ts';

const CHANGES = 40;

interface FanOut {
  /** Processor time of the server for one change, without what it uses when nothing changes. */
  readonly cpuMs: number;
  readonly lastClientMs: readonly number[];
  readonly proxyCpuMs: number;
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
    for (const stream of streams) stream.abort();
    await delay(1_500);
    return figures;
  };
  const [few, many, own] = [
    await measure(bed.odin, 1_000),
    await measure(bed.odin, 3_000),
    await measure(bed.sdk, 3_000),
  ];
  return [
    summarize('one change: server CPU, 1,000 held', [few.cpuMs], { unit: 'ms' }),
    summarize('one change: server CPU, 3,000 held', [many.cpuMs], { unit: 'ms' }),
    summarize('one change: server CPU, 3,000 by createMcpHandler', [own.cpuMs], {
      unit: 'ms',
      comparedWith: 'one change: server CPU, 3,000 held',
    }),
    summarize('server CPU, 3,000 held / 1,000 held', [many.cpuMs / few.cpuMs], { unit: '×', limit: 1.3 }),
    summarize('server CPU, held / createMcpHandler, 3,000', [many.cpuMs / own.cpuMs], { unit: '×', limit: 0.01 }),
    summarize('createMcpHandler / held, 3,000', [own.cpuMs / many.cpuMs], { unit: '×', field: 'fanOutCpuRatio' }),
    summarize('one change: last client, 1,000 held', few.lastClientMs, { unit: 'ms' }),
    summarize('one change: last client, 3,000 held', many.lastClientMs, { unit: 'ms' }),
    summarize('one change: last client, 3,000 by createMcpHandler', own.lastClientMs, {
      unit: 'ms',
      comparedWith: 'one change: last client, 3,000 held',
    }),
    summarize('one change: CPU of Pushpin, 3,000 held', [many.proxyCpuMs], {
      unit: 'ms',
      comparedWith: 'one change: server CPU, 3,000 by createMcpHandler',
    }),
  ];
}

async function tell(subject: Subject, streams: readonly McpStream[], proxyCpuMs: () => number): Promise<FanOut> {
  const once = async (heard: number): Promise<number> => {
    const asked = performance.now();
    await subject.change();
    const all = (): boolean => streams.every(({ messages }) => messages.length === heard);
    await until(all, 30_000).catch((cause: unknown) => {
      const others = streams.filter(({ messages }) => messages.length !== heard);
      const what = others.slice(0, 3).map(({ id, outcome, messages }) => `${id} is ${outcome} with ${messages.length}`);
      throw new Error(`${others.length} did not hear change ${heard - 1} once: ${what.join(', ')}`, { cause });
    });
    return Math.max(...streams.map(({ lastAt }) => lastAt)) - asked;
  };
  let heard = 1;
  let lastClient = 0;
  for (let warm = 0; warm < 3; warm++) lastClient = await once(++heard);
  // What the process uses in the same time for questions that make it do nothing.
  const idle = await usage(subject, async () => {
    for (let question = 0; question < CHANGES; question++) {
      await subject.cpu();
      await delay(lastClient);
    }
  });
  const proxyBefore = proxyCpuMs();
  const lastClientMs: number[] = [];
  const busy = await usage(subject, async () => {
    for (let change = 0; change < CHANGES; change++) lastClientMs.push(await once(++heard));
  });
  const proxy = (proxyCpuMs() - proxyBefore) / CHANGES;
  assertOwnIds(streams);
  return { cpuMs: (busy.cpuMs - (idle.cpuMs / idle.tookMs) * busy.tookMs) / CHANGES, lastClientMs, proxyCpuMs: proxy };
}

async function usage(subject: Subject, run: () => Promise<unknown>): Promise<{ cpuMs: number; tookMs: number }> {
  const [before, started] = [await subject.cpu(), performance.now()];
  await run();
  const tookMs = performance.now() - started;
  return { cpuMs: (await subject.cpu()) - before, tookMs };
}

function assertOwnIds(streams: readonly McpStream[]): void {
  for (const { id, messages } of streams) {
    const told = messages.slice(1).map(({ params }) => params?._meta?.['io.modelcontextprotocol/subscriptionId']);
    if (told.some((subscription) => subscription !== id)) throw new Error(`${id} was told of another's subscription`);
  }
}
