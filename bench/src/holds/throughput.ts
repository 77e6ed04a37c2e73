import { type Row, summarize } from '../bench.ts';
import { type Bed, call } from './subject.ts';

const STREAMS = 1_000;
const AT_ONCE = 50;
const ROUNDS = 3;

/** Streams of three events that are opened and complete in a second. */
export async function measureThroughput({ odin }: Bed, say: (text: string) => void): Promise<Row[]> {
  const figures: Record<'held' | 'plain', number[]> = { held: [], plain: [] };
  for (let round = 1; round <= ROUNDS; round++) {
    say(`${STREAMS} streams, ${AT_ONCE} at a time, round ${round}`);
    for (const kind of ['held', 'plain'] as const) figures[kind].push(await perSecond(odin.url, kind));
  }
  return [
    summarize('streams opened and completed, held', figures.held, {
      unit: 'per s',
      comparedWith: 'streams opened and completed, plain SSE through Pushpin',
    }),
    summarize('streams opened and completed, plain SSE through Pushpin', figures.plain, { unit: 'per s' }),
  ];
}

async function perSecond(url: string, kind: 'held' | 'plain'): Promise<number> {
  const started = performance.now();
  let left = STREAMS;
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const stream = await call(url, kind, { count: 3, pauseMs: 2 }).end();
      if (stream.outcome !== 'completed' || stream.progress.length !== 3)
        throw new Error(
          `${stream.id} is ${stream.outcome} with status ${stream.status} and ${stream.messages.length} messages`,
        );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  return (STREAMS * 1_000) / (performance.now() - started);
}
