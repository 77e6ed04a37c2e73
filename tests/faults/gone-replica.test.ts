import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findPushpin } from '../real/pushpin.ts';
import { findRedis, type Redis, startRedis } from '../real/redis.ts';
import { describeWith, type Found } from '../real/requirement.ts';
import { type Chain, startChain } from './chain.ts';
import { count, type McpStream } from './mcp-stream.ts';

const CALLS = 40;
/** Half of them with ids that no block for all can name. */
const idOf = (number: number): string => (number % 4 < 2 ? `call-${number}` : `call "${number}" ü`);

async function findBoth(): Promise<Found<object>> {
  const found = await Promise.all([findPushpin(), findRedis()]);
  return found.find((one) => 'missing' in one) ?? {};
}

describeWith('two origins behind Pushpin that share a Redis', await findBoth(), () => {
  let redis: Redis;
  let chain: Chain;
  beforeEach(async () => {
    redis = await startRedis();
    chain = await startChain(2, redis.url);
    // Each has seen the other alive.
    await chain.begin(4, () => chain.call('events', { count: 2, pauseMs: 0 }));
    await delay(3_000);
  });
  afterEach(async () => {
    redis.thaw();
    await chain?.close();
    await redis.close();
  });

  /** Calls that last so long, by the origin that runs them. */
  const begin = async (ms: number): Promise<readonly [McpStream[], McpStream[]]> => {
    let number = 0;
    const streams = await chain.begin(CALLS, () => chain.call('work', { ms }, { id: idOf(number++) }));
    const [first] = chain.origins;
    const own = streams.filter(({ id }) => first.times('started').has(id));
    return [own, streams.filter((stream) => !own.includes(stream))];
  };

  /** Kills the first origin: each of its calls ends with one error that can be retried, and the calls of the other go on. */
  const killFirst = async (own: readonly McpStream[], others: readonly McpStream[]): Promise<void> => {
    expect(own.length).toBeGreaterThan(CALLS / 4);
    await chain.origins[0].stop('SIGKILL');
    const killed = performance.now();
    await Promise.all(own.map((stream) => stream.end(40_000)));
    expect(count(own)).toEqual({ failed: own.length });
    for (const { messages, error } of own) expect([messages.length, error?.data?.retryable]).toEqual([2, true]);
    const waits = own.map(({ lastAt }) => lastAt - killed).toSorted((a, b) => a - b);
    console.log(`killed -> errors of ${own.length} calls: ${waits[0]?.toFixed()} to ${waits.at(-1)?.toFixed()} ms`);
    await Promise.all(others.map((stream) => stream.end(40_000)));
    expect(count(others)).toEqual({ completed: others.length });
  };

  it('one killed for good while its calls are quiet: one publish ends them, or has the proxy ask', async () => {
    const [own, others] = await begin(15_000);
    await delay(5_000);
    await killFirst(own, others);
  });

  it('one killed for good before the proxy has asked about its calls: the other answers for it', async () => {
    const [own, others] = await begin(15_000);
    await killFirst(own, others);
  });

  it('one stopped for longer than its lease: it takes connections, so its calls are left alone', async () => {
    const [own, others] = await begin(20_000);
    await delay(1_500);
    process.kill(chain.origins[0].pid, 'SIGSTOP');
    await delay(16_000);
    process.kill(chain.origins[0].pid, 'SIGCONT');
    await Promise.all([...own, ...others].map((stream) => stream.end(40_000)));
    expect(count([...own, ...others])).toEqual({ completed: CALLS });
  });

  it('Redis away for longer than a lease: nobody is called gone', async () => {
    const [own, others] = await begin(22_000);
    await delay(1_500);
    redis.freeze();
    await delay(13_000);
    redis.thaw();
    await Promise.all([...own, ...others].map((stream) => stream.end(40_000)));
    expect(count([...own, ...others])).toEqual({ completed: CALLS });
  });
});
