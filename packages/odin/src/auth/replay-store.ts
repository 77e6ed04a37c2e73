import type { ReplayStore } from '@asgard/heimdall-client';
import type { StateStore } from '../cluster/state-store.ts';

/**
 * Lets the replicas that share a cluster take each proof of a token's holder once among them (RFC 9449 section 11.1): the `dpop.replays` of a
 * verifier. Every proof takes one trip to the store; while that is away, none is accepted.
 *
 * @param state the state of the cluster
 */
export function createReplayStore(state: StateStore): ReplayStore {
  return { remember: (id, ttlMs) => state.set(`dpop:${id}`, '1', { ttlMs, if: 'absent' }) };
}
