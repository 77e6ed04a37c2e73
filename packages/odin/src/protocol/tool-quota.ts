import type { StateStore } from '../cluster/state-store.ts';
import { RpcError } from '../errors.ts';
import type { NamedToolRule } from '../registry/tool-rules.ts';
import type { Exchange } from './exchange.ts';
import { RPC } from './vocabulary.ts';

const MINUTE_MS = 60_000;
/** Clocks of replicas differ a little; a count that is forgotten too early would start anew. */
const SPARE_MS = 10_000;

/** Takes one call of a caller from what a rule allows in this minute of the clock. @throws RpcError when nothing is left */
export type TakeCall = (rule: NamedToolRule, exchange: Pick<Exchange, 'principal' | 'tenant'>) => Promise<void>;

/**
 * Counts calls by rule and caller; all callers without a token are one. Fails closed: while the store is away, no limited tool is called.
 *
 * @param state what replicas share, so that a caller has one count and not one for each replica
 * @param now epoch milliseconds
 */
export function createToolQuota(state: StateStore, now: () => number): TakeCall {
  return async ({ tool, perMinute }, { principal, tenant }) => {
    if (perMinute === undefined) return;
    const at = now();
    const minute = Math.floor(at / MINUTE_MS);
    const key = `calls:${JSON.stringify([minute, tool, tenant?.host, principal?.issuer, principal?.subject])}`;
    const ttlMs = (minute + 1) * MINUTE_MS - at + SPARE_MS;
    // A write that fails is another call that was counted, so this ends after so many calls as are allowed.
    for (;;) {
      const held = await state.get(key);
      const used = Number(held ?? 0);
      if (used >= perMinute) throw tooMany((minute + 1) * MINUTE_MS - at);
      const condition = held === undefined ? 'absent' : { is: held };
      if (await state.set(key, String(used + 1), { ttlMs, if: condition })) return;
    }
  };
}

function tooMany(retryAfterMs: number): RpcError {
  return new RpcError(RPC.refused, `Too many calls of this tool. Retry in ${Math.ceil(retryAfterMs / 1_000)} s.`, {
    retryAfterMs,
  });
}
