import { setTimeout as delay } from 'node:timers/promises';
import type { Exchange } from 'asgard';

/** The first exchange after the given number of known ones that fits; the server tells of it just after the client has its answer. */
export async function findExchange(
  exchanges: readonly Exchange[],
  { after, fits, limitMs = 5000 }: { after: number; fits: (exchange: Exchange) => boolean; limitMs?: number },
): Promise<Exchange> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = exchanges.slice(after).find(fits);
    if (found !== undefined) return found;
    if (performance.now() > deadline) {
      throw new Error(
        `the server told of no such exchange within ${limitMs} ms, only of ${JSON.stringify(exchanges.slice(after))}`,
      );
    }
    await delay(1);
  }
}
