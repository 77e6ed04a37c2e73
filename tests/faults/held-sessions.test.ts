import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventReader, LegacyClient, type LegacyTarget } from '../../packages/odin/test/legacy/client.ts';
import { findPushpin } from '../real/pushpin.ts';
import { describeWith } from '../real/requirement.ts';
import { type Chain, startChain } from './chain.ts';

const CALLS = 20;

/** Clients with a session, whose streams Pushpin holds. */
describeWith('sessions behind Pushpin', await findPushpin(), () => {
  let chain: Chain;
  beforeAll(async () => {
    chain = await startChain();
  });
  afterAll(() => chain?.close());

  it.each(['2025-06-18', '2025-11-25'])(
    `${CALLS} held calls of %s, the origin killed and started again: each ends with an error for its own id, the session's own stream without a message`,
    async (version) => {
      const { pushpin, origins } = chain;
      const target: LegacyTarget = {
        fetch: (request) => fetch(new Request(`${pushpin.url}/mcp`, request)),
      };
      const client = await new LegacyClient({ version }).connect(target);
      const own = new EventReader(await client.get(target));
      const calls = await Promise.all(
        Array.from({ length: CALLS }, async (_, index) => {
          const params = { name: 'work', arguments: { ms: 600_000, speak: false } };
          return new EventReader(await client.request(target, 'tools/call', params, `call-${index}`));
        }),
      );
      await delay(1_500);
      await origins[0].stop('SIGKILL');
      await delay(500);
      await origins[0].start();
      const ends = await Promise.all(
        calls.map(async (call) => (await call.rest()).flatMap(({ message }) => message ?? [])),
      );
      expect(ends).toEqual(
        Array.from({ length: CALLS }, (_, index) => [
          {
            jsonrpc: '2.0',
            id: `call-${index}`,
            error: { code: -32603, message: expect.stringContaining('Retry'), data: { retryable: true } },
          },
        ]),
      );
      expect((await own.rest()).flatMap(({ message }) => message ?? [])).toEqual([]);
    },
    90_000,
  );
});
