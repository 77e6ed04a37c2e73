import { rmSync } from 'node:fs';
import { type Bench, type Row, summarize } from '../bench.ts';
import { bundleServers } from '../calls/bundle.ts';
import { measureColdStarts } from '../calls/cold-start.ts';
import {
  BARE,
  BARE_DIGEST,
  BARE_TOKEN,
  CONTENDERS,
  ODIN_1,
  ODIN_20,
  ODIN_20_IGNORED,
  ODIN_20_TOKEN,
  ODIN_100,
  SDK_20,
} from '../calls/contenders.ts';
import { measureMemory } from '../calls/memory.ts';
import { type Figures, measurePair, measureRounds, ratios } from '../calls/rounds.ts';

const MIB = 1_048_576;

/** CPU of a server process per request, under the same offered load for all, and what else a call costs. */
export const bench: Bench = async (say) => {
  const folder = await bundleServers([...new Set(CONTENDERS.map(({ server }) => server))]);
  try {
    const figures = await measureRounds(folder, CONTENDERS, say);
    say('pairs that are nearly the same, in turn');
    const tools = await measurePair(folder, [ODIN_100, ODIN_1]);
    const token = await measurePair(folder, [ODIN_20_TOKEN, ODIN_20_IGNORED]);
    const bytes = await measurePair(folder, [BARE_TOKEN, BARE]);
    const digest = await measurePair(folder, [BARE_DIGEST, BARE_TOKEN]);
    say('100,000 calls, for what stays in memory');
    const growth = await measureMemory(folder, ODIN_20);
    say('cold starts');
    const [odinStarts = [], sdkStarts = []] = await measureColdStarts(folder, [ODIN_20, SDK_20]);
    return [
      ...figures.map(({ contender, cpuMicros }) =>
        summarize(`cpu: ${contender.name}`, cpuMicros, {
          unit: 'µs',
          ...(contender !== BARE && { comparedWith: `cpu: ${BARE.name}` }),
        }),
      ),
      ...ratioRows(figures),
      summarize('ratio: odin 100 tools / odin 1 tool', tools, { unit: '×', limit: 1.05 }),
      summarize('ratio: token checked / not asked for', token, { unit: '×', limit: 1.05 }),
      summarize('ratio: bare, token sent / none sent', bytes, { unit: '×' }),
      summarize('ratio: bare, digest of the token / token sent', digest, { unit: '×' }),
      ...figures.flatMap(delayRow),
      summarize(`rss: growth over 100,000 calls, ${ODIN_20.name}`, [growth], { unit: 'bytes', limit: 16 * MIB }),
      summarize('cold start: odin, 20 tools', odinStarts, { unit: 'ms', comparedWith: 'cold start: sdk v2, 20 tools' }),
      summarize('cold start: sdk v2, 20 tools', sdkStarts, { unit: 'ms' }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Each of figures that were taken in one round. */
function ratioRows(figures: readonly Figures[]): Row[] {
  return [
    summarize('ratio: odin 20 tools / bare', ratios(figures, ODIN_20, BARE), { unit: '×', limit: 2 }),
    summarize('ratio: odin 20 tools / sdk v2 20 tools', ratios(figures, ODIN_20, SDK_20), { unit: '×', limit: 0.1 }),
    summarize('ratio: token checked / none sent', ratios(figures, ODIN_20_TOKEN, ODIN_20), { unit: '×' }),
  ];
}

function delayRow({ contender, eventLoopDelayMs }: Figures): Row[] {
  if (![BARE, ODIN_20, SDK_20].includes(contender)) return [];
  return [summarize(`event loop delay p99: ${contender.name}`, eventLoopDelayMs, { unit: 'ms' })];
}
