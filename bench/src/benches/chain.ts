import { Pool } from 'undici';
import { type Bench, type Row, summarize } from '../bench.ts';
import { DIRECT, openWays, type Way } from '../chain/ways.ts';
import { call, percentile } from '../holds/subject.ts';

const ROUNDS = 8;
const CALLS = 150;
const STREAMS = 40;

/** What each server between client and Odin costs one client in time: a quick call, and the first event of a long one. */
export const bench: Bench = async (say) => {
  const { ways, close } = await openWays();
  try {
    const figures = new Map(ways.map((way) => [way, { quick: [] as number[], first: [] as number[] }]));
    for (let round = 0; round <= ROUNDS; round++) {
      say(
        round === 0
          ? 'warm-up'
          : `round ${round} of ${ROUNDS}: ${CALLS} quick calls and ${STREAMS} streams on each way`,
      );
      for (const [way, { quick, first }] of figures) {
        const [calls, events] = [await quickCalls(way), await firstEvents(way)];
        if (round === 0) continue;
        quick.push(...calls);
        first.push(...events);
      }
    }
    return [...figures].flatMap(([{ name }, { quick, first }]) => [
      ...rows('quick call', name, quick),
      ...rows('first event', name, first),
    ]);
  } finally {
    await close();
  }
};

function rows(what: string, way: string, samples: readonly number[]): Row[] {
  const compared = (part: string): Partial<Row> =>
    way === DIRECT ? {} : { comparedWith: `${what}, ${DIRECT}${part}` };
  return [
    summarize(`${what}, ${way}`, samples, { unit: 'ms', ...compared('') }),
    {
      ...summarize(`${what}, ${way}, p99`, samples, { unit: 'ms' }),
      median: percentile(samples, 0.99),
      ...compared(', p99'),
    },
  ];
}

/** One after another, on one connection: the time of one client who waits. */
async function quickCalls({ url }: Way): Promise<number[]> {
  const pool = new Pool(new URL(url).origin, { connections: 1 });
  const took: number[] = [];
  for (let id = 0; id < CALLS; id++) {
    const startedAt = performance.now();
    const { statusCode, headers, body } = await pool.request({ path: '/mcp', method: 'POST', ...quickRequest(id) });
    const text = await body.text();
    took.push(performance.now() - startedAt);
    if (statusCode !== 200 || headers['content-type'] !== 'application/json' || !text.includes('done'))
      throw new Error(`a quick call at ${url} was answered ${statusCode}: ${text}`);
  }
  await pool.close();
  return took;
}

function quickRequest(id: number): { headers: Record<string, string>; body: string } {
  const params = { name: 'plain', arguments: { count: 0, pauseMs: 0 }, _meta: ENVELOPE };
  return {
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'plain',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params }),
  };
}

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** Each stream on a connection of its own, one after another. */
async function firstEvents({ url }: Way): Promise<number[]> {
  const waits: number[] = [];
  for (let run = 0; run < STREAMS; run++) {
    const asked = performance.now();
    const stream = await call(url, 'held', { count: 1, pauseMs: 5 }).has(1);
    waits.push(stream.lastAt - asked);
    await stream.end();
  }
  return waits;
}
