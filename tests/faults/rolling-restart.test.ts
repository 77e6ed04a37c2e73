import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findPushpin } from '../real/pushpin.ts';
import { describeWith } from '../real/requirement.ts';
import { until } from '../real/until.ts';
import { type Chain, startChain } from './chain.ts';
import { count } from './mcp-stream.ts';

const LISTENS = 1_000;

describeWith('two origins behind Pushpin', await findPushpin(), () => {
  let chain: Chain;
  beforeAll(async () => {
    chain = await startChain(2);
  });
  afterAll(() => chain?.close());

  it(`${LISTENS} subscriptions stay open over a rolling restart, and hear the next change once`, async () => {
    const streams = await chain.begin(LISTENS, chain.listen);
    expect(count(streams)).toEqual({ open: LISTENS });
    await delay(2_500);
    for (const origin of chain.origins) {
      await origin.stop('SIGTERM');
      await origin.start();
    }
    expect(count(streams)).toEqual({ open: LISTENS });
    const change = await chain.call('change', {}).end();
    expect(change.outcome).toBe('completed');
    await until(() => streams.every(({ messages }) => messages.length === 2), 10_000);
    await delay(200);
    for (const { id, messages } of streams) {
      expect(messages.length).toBe(2);
      expect(messages[1]?.params?._meta).toEqual({ 'io.modelcontextprotocol/subscriptionId': id });
    }
    for (const stream of streams) stream.abort();
  });

  it('calls in flight over a rolling restart deliver their results', async () => {
    const streams = await chain.begin(50, () => chain.call('work', { ms: 2_000 }));
    for (const origin of chain.origins) {
      await origin.stop('SIGTERM');
      await origin.start();
    }
    await Promise.all(streams.map((stream) => stream.end()));
    expect(count(streams)).toEqual({ completed: 50 });
  });
});
