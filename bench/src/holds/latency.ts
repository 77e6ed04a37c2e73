import type { McpStream } from '../../../tests/faults/mcp-stream.ts';
import { type Row, summarize } from '../bench.ts';
import { type Bed, call, openMany, percentile } from './subject.ts';

type Kind = 'held' | 'plain';
const NAMES: Record<Kind, string> = { held: 'held', plain: 'plain SSE through Pushpin' };
const STREAMS = 4;
const SECONDS = 4;

/** Events through a hold against plain SSE through the same Pushpin. */
export async function measureLatency({ odin }: Bed, say: (text: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  say('first events');
  const first = { held: await firstEvents(odin.url, 'held'), plain: await firstEvents(odin.url, 'plain') };
  for (const kind of ['held', 'plain'] as const) rows.push(...pair(`first event, ${NAMES[kind]}`, first[kind], kind));
  for (const rate of [10, 50, 200]) {
    say(`${STREAMS} streams with ${rate} events a second, ${SECONDS} s`);
    const args = { count: rate * SECONDS, pauseMs: 1_000 / rate };
    for (const kind of ['held', 'plain'] as const) {
      const streams = await Promise.all(Array.from({ length: STREAMS }, () => call(odin.url, kind, args).end()));
      rows.push(...pair(`event at ${rate}/s, ${NAMES[kind]}`, streams.flatMap(delays), kind));
    }
  }
  return [...rows, ...(await measurePause(odin.url, say))];
}

/** Pushpin stops a linked stream once, a second after its start, while it asks the link. */
async function measurePause(url: string, say: (text: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const amount of [1, 200]) {
    say(`the longest pause of each of ${amount} held streams that run at the same time`);
    const streams = await openMany(
      amount,
      () => call(url, 'held', { count: 40, pauseMs: 100 }),
      (stream) => stream.has(1),
    );
    await Promise.all(streams.map((stream) => stream.end()));
    const pauses = streams.map((stream) => Math.max(...delays(stream)));
    rows.push(summarize(`longest pause, ${amount} held at a time`, pauses, { unit: 'ms' }));
  }
  return rows;
}

async function firstEvents(url: string, kind: Kind): Promise<number[]> {
  const waits: number[] = [];
  for (let run = 0; run < 100; run++) {
    const asked = performance.now();
    const stream = await call(url, kind, { count: 1, pauseMs: 0 }).has(1);
    waits.push(stream.lastAt - asked);
    await stream.end();
  }
  return waits;
}

function pair(name: string, samples: readonly number[], kind: Kind): Row[] {
  const compared = (part: string): Partial<Row> =>
    kind === 'plain' ? {} : { comparedWith: `${name.replace(NAMES.held, NAMES.plain)}${part}` };
  return [
    summarize(name, samples, { unit: 'ms', ...compared('') }),
    { ...summarize(`${name}, p99`, samples, { unit: 'ms' }), median: percentile(samples, 0.99), ...compared(', p99') },
  ];
}

/** From the moment that an event was sent, which it says itself. */
function delays({ messages, arrivals }: McpStream): number[] {
  return messages.flatMap(({ params }, index) =>
    params?.message === undefined
      ? []
      : [performance.timeOrigin + (arrivals[index] ?? Number.NaN) - Number(params.message)],
  );
}
