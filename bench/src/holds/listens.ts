import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundleOrigin } from '../../../tests/faults/origin-process.ts';
import { findFreePorts } from '../../../tests/real/ports.ts';
import { type Row, summarize } from '../bench.ts';
import { Crowd } from './crowd.ts';
import type { Cost } from './servers/asked.ts';
import { odinEnvironment, startSubject } from './subject.ts';

const ROUNDS = 3;
/** Just after a table of V8 has doubled, and three doublings later: so what tables keep in advance is counted at its most. */
const FIRST = 16_500;
const LAST = 132_000;
/** What is kept only until the proxy holds, ten seconds at most, is gone by then. */
const SETTLE_MS = 13_000;

/**
 * What a held subscription costs the server, over so many that memory which comes and goes weighs little. Nobody is signed in: a caller's claims would
 * be kept, too.
 */
export async function measureListens(say: (text: string) => void): Promise<Row[]> {
  const file = await bundleOrigin(fileURLToPath(new URL('servers/odin.ts', import.meta.url)));
  const samples: Pick<Cost, 'heapBytes' | 'residentBytes'>[] = [];
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      say(`round ${round} of ${ROUNDS}: ${LAST - FIRST} held subscriptions, after ${FIRST}`);
      samples.push(await measureRound(file));
    }
  } finally {
    await rm(file, { force: true });
  }
  return [
    summarize(
      'each of many held subscriptions: JavaScript heap',
      samples.map(({ heapBytes }) => heapBytes),
      { unit: 'bytes', limit: 200 },
    ),
    summarize(
      'each of many held subscriptions: resident memory',
      samples.map(({ residentBytes }) => residentBytes),
      { unit: 'bytes', limit: 200 },
    ),
  ];
}

async function measureRound(file: string): Promise<Pick<Cost, 'heapBytes' | 'residentBytes'>> {
  const [port = 0] = await findFreePorts(1);
  const crowd = new Crowd();
  const odin = await startSubject(file, { env: odinEnvironment(port, await crowd.bind()) });
  try {
    await crowd.listen(odin, FIRST);
    await delay(SETTLE_MS);
    const before = await odin.cost();
    await crowd.listen(odin, LAST - FIRST);
    await delay(SETTLE_MS);
    const after = await odin.cost();
    crowd.checkHeld(LAST);
    const each = (key: 'heapBytes' | 'residentBytes'): number => (after[key] - before[key]) / (LAST - FIRST);
    return { heapBytes: each('heapBytes'), residentBytes: each('residentBytes') };
  } finally {
    await odin.end();
    await crowd.close();
  }
}
