import { createTokenVerifier } from '@asgard/heimdall-client';
import { type BenchIssuer, RESOURCE } from './token.ts';

const BATCH = 500;

/** Bytes of heap that so many cached users take. Needs `--expose-gc` to be exact; tokens themselves are not kept. */
export async function measureCachedUsers(issuer: BenchIssuer, count: number): Promise<number> {
  const verifier = createTokenVerifier({ issuer: issuer.url, audience: RESOURCE, cache: { maxEntries: count } });
  await verifier.verify(await issuer.token('first'));
  const before = usedHeap();
  for (let done = 0; done < count; done += BATCH) {
    const users = Array.from({ length: BATCH }, (_, index) => `user-${done + index}`);
    await Promise.all(users.map(async (user) => verifier.verify(await issuer.token(user))));
  }
  const used = usedHeap() - before;
  const { entries } = verifier.stats().cache;
  if (entries < count) throw new Error(`only ${entries} of ${count} users are cached`);
  return used;
}

function usedHeap(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) throw new Error('garbage cannot be collected on demand');
  gc();
  gc();
  return process.memoryUsage().heapUsed;
}

/** How many verifications so many first uses of one token at a time cost. */
export async function countVerifications(issuer: BenchIssuer, uses: number): Promise<number> {
  const verifier = createTokenVerifier({ issuer: issuer.url, audience: RESOURCE });
  const token = await issuer.token('new');
  await Promise.all(Array.from({ length: uses }, () => verifier.verify(token)));
  const { misses, joined } = verifier.stats();
  return misses - joined;
}
