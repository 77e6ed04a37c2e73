import { expect, it } from 'vitest';
import { MemoryStateStore } from '../../src/cluster/memory-state-store.ts';
import { createToolQuota } from '../../src/protocol/tool-quota.ts';
import { testPrincipal as principal } from '../../src/testing/principal.ts';

const RULE = { tool: 'search', perMinute: 2 };

it('lets as many calls of a caller through in a minute as the rule says, on all replicas together', async () => {
  let at = 90_000;
  const state = new MemoryStateStore({ now: () => at });
  const [one, other] = [createToolQuota(state, () => at), createToolQuota(state, () => at)];
  const freya = { principal: principal({ subject: 'freya' }), tenant: undefined };
  const loki = { principal: principal({ subject: 'loki' }), tenant: undefined };
  await one(RULE, freya);
  await other(RULE, freya);
  await expect(one(RULE, freya)).rejects.toMatchObject({ rpcCode: -32000, data: { retryAfterMs: 30_000 } });
  await one(RULE, loki);
  await one({ tool: 'other', perMinute: 1 }, freya);
  at = 120_000;
  await one(RULE, freya);
});

it('counts calls that come at once one by one', async () => {
  const take = createToolQuota(new MemoryStateStore(), () => 0);
  const nobody = { principal: undefined, tenant: undefined };
  const taken = await Promise.allSettled(Array.from({ length: 10 }, () => take({ tool: 'a', perMinute: 3 }, nobody)));
  expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
});

it('asks no store for a rule without a limit, and lets nothing through while the store is away', async () => {
  const state = new MemoryStateStore();
  state.get = () => Promise.reject(new Error('away'));
  const take = createToolQuota(state, () => 0);
  const nobody = { principal: undefined, tenant: undefined };
  await take({ tool: 'a' }, nobody);
  await expect(take(RULE, nobody)).rejects.toThrow('away');
});
