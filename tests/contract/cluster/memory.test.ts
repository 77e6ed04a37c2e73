import { createMemoryCluster, MemoryMessageBus, MemoryStateStore } from '@asgard/odin';
import { messageBusContract } from './message-bus-contract.ts';
import { proofsContract } from './proofs-contract.ts';
import { stateStoreContract } from './state-store-contract.ts';

/** Time that passes only when a test says so. */
function createClock(): { now: () => number; pass: (ms: number) => Promise<void> } {
  let time = 1_000_000;
  return {
    now: () => time,
    pass: async (ms) => {
      time += ms;
    },
  };
}

stateStoreContract('memory', async () => {
  const { now, pass } = createClock();
  const store = new MemoryStateStore({ now });
  return { store, other: store, foreign: new MemoryStateStore({ now }), pass, close: async () => {} };
});

messageBusContract('memory', async () => {
  const { now, pass } = createClock();
  const bus = new MemoryMessageBus({ now });
  return { bus, other: bus, foreign: new MemoryMessageBus({ now }), pass, close: async () => {} };
});

proofsContract('memory', async () => {
  const cluster = createMemoryCluster();
  const away = { ...cluster, state: { ...cluster.state, set: () => Promise.reject(new Error('away')) } };
  return { clusters: [cluster, cluster], away };
});
