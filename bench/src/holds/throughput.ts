import { type Row, summarize } from '../bench.ts';
import { type Bed, call } from './subject.ts';

const STREAMS = 1_000;
const AT_ONCE = 50;
const ROUNDS = 3;

/** Streams of three events that are opened and complete in a second. */
export async function measureThroughput({ odin }: Bed, say: (text: string) => void): Promise<Row[]> {
  const figures: Record<'held' | 'plain', number[]> = { held: [], plain: [] };
  let broken = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    say(`${STREAMS} streams, ${AT_ONCE} at a time, round ${round}`);
    for (const kind of ['held', 'plain'] as const) {
      const { perSecond, cut } = await run(odin.url, kind);
      figures[kind].push(perSecond);
      broken += cut;
    }
  }
  return [
    summarize('streams opened and completed, held', figures.held, {
      unit: 'per s',
      comparedWith: 'streams opened and completed, plain SSE through Pushpin',
    }),
    summarize('streams opened and completed, plain SSE through Pushpin', figures.plain, { unit: 'per s' }),
    summarize(`streams that broke, of ${2 * ROUNDS * STREAMS}`, [broken], { unit: 'streams' }),
  ];
}

async function run(url: string, kind: 'held' | 'plain'): Promise<{ perSecond: number; cut: number }> {
  const started = performance.now();
  let left = STREAMS;
  let cut = 0;
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const stream = await call(url, kind, { count: 3, pauseMs: 2 }).end();
      if (stream.outcome === 'cut') cut += 1;
      else if (stream.outcome !== 'completed' || stream.progress.length !== 3)
        throw new Error(`${stream.id} is ${stream.outcome} after ${stream.messages.length} messages`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  return { perSecond: ((STREAMS - cut) * 1_000) / (performance.now() - started), cut };
}
