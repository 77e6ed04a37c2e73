import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startCallServer } from '../auth/call-cost.ts';
import { type Candidate, createCandidates } from '../auth/candidates.ts';
import { countVerifications, measureCachedUsers } from '../auth/memory.ts';
import { type BenchIssuer, startBenchIssuer } from '../auth/token.ts';
import { type Bench, type Row, summarize } from '../bench.ts';

const ROUNDS = 9;
/** Long enough that a pause of the machine is one sample and not all of them. */
const ROUND_MS = 120;
const USERS = 10_000;
const CALLS = 4_000;

/** What it costs to know who is calling. */
export const bench: Bench = async (say) => {
  setFlagsFromString('--expose-gc');
  Object.assign(globalThis, { gc: runInNewContext('gc') });
  const issuer = await startBenchIssuer();
  try {
    say('one token, checked again and again, by each in turn');
    const checks = await measureChecks(issuer);
    say(`${USERS} cached users`);
    const memory = await measureCachedUsers(issuer, USERS);
    say('1,000 first uses of one token at a time');
    const verifications = await countVerifications(issuer, 1_000);
    say('CPU time of a tools/call over HTTP, with and without tokens');
    const hit = checks[0]?.median ?? 0;
    return [
      ...checks,
      ...ratioTo(checks),
      summarize(`${USERS} cached users, heap`, [memory], { unit: 'bytes', limit: 16 * 1024 * 1024 }),
      summarize('verifications for 1,000 first uses at a time', [verifications], { unit: '×', limit: 1 }),
      ...(await measureCalls(issuer, hit)),
    ];
  } finally {
    await issuer.close();
  }
};

async function measureChecks(issuer: BenchIssuer): Promise<readonly Row[]> {
  const candidates = createCandidates(issuer);
  const token = await issuer.token('freya');
  const samples = new Map<string, number[]>(candidates.map(({ name }) => [name, []]));
  for (const candidate of candidates) await runRound(candidate, token);
  for (let round = 0; round < ROUNDS; round++) {
    for (const candidate of candidates) samples.get(candidate.name)?.push(await runRound(candidate, token));
  }
  const [hit, jose] = candidates;
  return candidates.map(({ name }) =>
    summarize(name, samples.get(name) ?? [], {
      unit: 'µs',
      ...(name === hit.name && { limit: 3 }),
      ...(name !== jose.name && { comparedWith: jose.name }),
    }),
  );
}

/** Microseconds of one check. What answers without a promise is not made to wait for one. */
async function runRound({ check }: Candidate, token: string): Promise<number> {
  const until = performance.now() + ROUND_MS;
  const started = performance.now();
  let count = 0;
  while (performance.now() < until) {
    for (let index = 0; index < 50; index++) {
      const checked = check(token);
      if (checked instanceof Promise) await checked;
    }
    count += 50;
  }
  return ((performance.now() - started) * 1_000) / count;
}

/** The promise: a user who is known costs no more than a fiftieth of a verification. */
function ratioTo([hit, jose]: readonly Row[]): Row[] {
  if (!hit || !jose) return [];
  return [summarize('cached user / jose verify', [hit.median / jose.median], { unit: '×', limit: 1 / 50 })];
}

async function measureCalls(issuer: BenchIssuer, hitMicros: number): Promise<Row[]> {
  const open = await startCallServer();
  const guarded = await startCallServer({ issuer: issuer.url, token: await issuer.token('freya') });
  try {
    const samples = { open: [] as number[], guarded: [] as number[] };
    await open.measure(CALLS);
    await guarded.measure(CALLS);
    for (let round = 0; round < 5; round++) {
      samples.open.push(await open.measure(CALLS));
      samples.guarded.push(await guarded.measure(CALLS));
    }
    const bare = summarize('tools/call without tokens, CPU', samples.open, { unit: 'µs' });
    return [
      bare,
      summarize('tools/call of a cached user, CPU', samples.guarded, { unit: 'µs', comparedWith: bare.name }),
      summarize(
        'cached check / tools/call',
        samples.open.map((micros) => hitMicros / micros),
        { unit: '×', limit: 0.05 },
      ),
    ];
  } finally {
    await open.close();
    await guarded.close();
  }
}
