import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findPushpin } from '../real/pushpin.ts';
import { describeWith } from '../real/requirement.ts';
import { until } from '../real/until.ts';
import { type Chain, startChain } from './chain.ts';
import { count, McpStream } from './mcp-stream.ts';

const LISTENS = 50;

describeWith('Odin and a Pushpin that stops answering', await findPushpin(), () => {
  let chain: Chain;
  beforeAll(async () => {
    chain = await startChain();
  });
  afterAll(() => chain?.close());

  const signal = (name: 'SIGSTOP' | 'SIGCONT'): void => {
    for (const pid of chain.pushpin.pids) process.kill(pid, name);
  };

  it('a change that was told meanwhile reaches every subscription that is still held', async () => {
    const [origin] = chain.origins;
    const streams = await chain.begin(LISTENS, chain.listen);
    await delay(1_000);
    signal('SIGSTOP');
    try {
      await until(async () => !(await fetch(`${origin.url}/.odin/ready`)).ok, 20_000);
      const params = { name: 'change', arguments: {} };
      const change = await new McpStream(`${origin.url}/mcp`, 'tools/call', { id: 'change', params }).end();
      expect(change.outcome).toBe('completed');
    } finally {
      signal('SIGCONT');
    }
    await until(() => streams.every(({ messages }) => messages.length >= 2), 20_000);
    expect(count(streams)).toEqual({ open: LISTENS });
    for (const { id, messages } of streams) {
      expect(messages[1]).toMatchObject({
        method: 'notifications/tools/list_changed',
        params: { _meta: { 'io.modelcontextprotocol/subscriptionId': id } },
      });
    }
    for (const stream of streams) stream.abort();
  });
});
