import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findPushpin } from '../real/pushpin.ts';
import { describeWith } from '../real/requirement.ts';
import { until } from '../real/until.ts';
import { type Chain, startChain } from './chain.ts';
import { count, type McpStream } from './mcp-stream.ts';

const STREAMS = 2_000;

describeWith('one origin behind Pushpin', await findPushpin(), () => {
  let chain: Chain;
  beforeAll(async () => {
    chain = await startChain();
  });
  afterAll(() => chain?.close());

  it(`${STREAMS} streams of 20 events at random times, 50 at a time: none lost, none hung, in order`, async () => {
    const streams: McpStream[] = [];
    const client = async (): Promise<void> => {
      while (streams.length < STREAMS) {
        // One in twenty lasts longer than a second, and so passes the proxy's own check of its link.
        const stream = chain.call('events', { count: 20, pauseMs: streams.length % 20 === 0 ? 200 : 20 });
        streams.push(stream);
        await stream.end();
      }
    };
    await Promise.all(Array.from({ length: 50 }, client));
    const inOrder = Array.from({ length: 20 }, (_, event) => event + 1);
    expect(count(streams)).toEqual({ completed: streams.length });
    expect(streams.filter(({ progress }) => String(progress) !== String(inOrder))).toEqual([]);
  });

  it('50 held calls, the origin killed and started again: each ends with one retryable error for its own id', async () => {
    const streams = await chain.begin(50, () => chain.call('work', { ms: 600_000 }));
    await delay(1_500);
    await chain.origins[0].stop('SIGKILL');
    await delay(500);
    const restarted = performance.now();
    await chain.origins[0].start();
    await Promise.all(streams.map((stream) => stream.end(65_000)));
    expect(count(streams)).toEqual({ failed: 50 });
    for (const { messages, error } of streams) {
      expect([messages.length, error?.data?.retryable]).toEqual([2, true]);
    }
    const waits = streams.map(({ lastAt }) => lastAt - restarted).sort((a, b) => a - b);
    expect(waits[24]).toBeLessThan(4_000);
    console.log(
      `errors after the restart: half after ${waits[24]?.toFixed()} ms, all after ${waits[49]?.toFixed()} ms`,
    );
  });

  it('200 running calls of every age, the origin told to end: it takes no more, and all deliver their results', async () => {
    const streams = await chain.begin(200, () => chain.call('work', { ms: 1_000 + Math.random() * 3_000 }));
    const stopped = chain.origins[0].stop('SIGTERM');
    await until(async () => !(await fetch(`${chain.origins[0].url}/.odin/ready`).catch(() => ({ ok: false }))).ok);
    const refused = await chain.call('work', { ms: 0 }).end();
    await Promise.all(streams.map((stream) => stream.end(30_000)));
    await stopped;
    expect(count(streams)).toEqual({ completed: 200 });
    expect(refused.outcome).toBe('cut');
    expect(chain.origins[0].exitCode).toBe(0);
    await chain.origins[0].start();
  });

  it('clients leave: the signal of each call fires', async () => {
    const waits: number[] = [];
    for (let round = 0; round < 10; round++) {
      const streams = await chain.begin(10, () => chain.call('work', { ms: 600_000 }));
      await delay(20);
      for (const stream of streams) {
        const left = Date.now();
        stream.abort();
        await until(() => chain.origins[0].times('aborted').has(stream.id));
        waits.push((chain.origins[0].times('aborted').get(stream.id) ?? 0) - left);
      }
    }
    waits.sort((a, b) => a - b);
    const p99 = waits[Math.ceil(waits.length * 0.99) - 1] ?? Number.NaN;
    console.log(
      `a client leaves -> the signal: median ${waits[waits.length >> 1]} ms, p99 ${p99} ms, ${waits.length} calls`,
    );
    expect(p99).toBeLessThan(1_000);
  });

  it.each([true, false])(
    'clients leave 0 to 20 ms after they asked (a call that speaks at once: %s)',
    async (speak) => {
      const streams: McpStream[] = [];
      for (let wait = 0; wait <= 20; wait += 2) {
        for (let run = 0; run < 5; run++) {
          const stream = chain.call('work', { ms: 600_000, speak });
          streams.push(stream);
          await delay(wait);
          stream.abort();
        }
      }
      const open = (): unknown[] => {
        const aborted = chain.origins[0].times('aborted');
        return streams.filter(({ id }) => chain.origins[0].times('started').has(id) && !aborted.has(id));
      };
      await delay(500);
      await until(() => open().length === 0, 6_000);
    },
  );

  it('Pushpin killed and started again: calls stop, new ones work', async () => {
    const streams = await chain.begin(50, () => chain.call('work', { ms: 600_000 }));
    await chain.pushpin.kill();
    await Promise.all(streams.map((stream) => stream.end(5_000)));
    expect(count(streams)).toEqual({ cut: 50 });
    const open = (): unknown[] => streams.filter(({ id }) => !chain.origins[0].times('aborted').has(id));
    await until(() => open().length === 0, 10_000);
    await chain.pushpin.restart();
    const restarted = performance.now();
    let stream = await chain.call('events', { count: 3, pauseMs: 5 }).end();
    while (stream.outcome !== 'completed' && performance.now() - restarted < 10_000) {
      await delay(50);
      stream = await chain.call('events', { count: 3, pauseMs: 5 }).end();
    }
    expect([stream.outcome, stream.progress]).toEqual(['completed', [1, 2, 3]]);
    console.log(`a new stream is complete ${(performance.now() - restarted).toFixed()} ms after Pushpin was up again`);
  });
});
