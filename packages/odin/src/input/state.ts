import type { Exchange } from '../protocol/exchange.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../protocol/json.ts';
import type { RoundMemory } from './rounds.ts';
import type { Seal } from './seal.ts';

/** What seals a state, and the wall clock by which it ends. */
export interface Sealing {
  readonly seal: Seal;
  readonly now: () => number;
}

/** How long a client may take for one round. */
const STATE_TTL_MS = 600_000;

/**
 * The request state of one round: sealed, bound to caller, host, method and params, and only good for ten minutes.
 * Any replica with the same secrets can open it, so the next round may arrive anywhere.
 */
export async function sealState(memory: RoundMemory, exchange: Exchange, { seal, now }: Sealing): Promise<string> {
  return seal.seal(JSON.stringify({ ...memory, expiresAt: now() + STATE_TTL_MS }), contextOf(exchange));
}

/** undefined when the state is not ours, was made for another call or caller, or is too old. */
export async function openState(
  sealed: string,
  exchange: Exchange,
  { seal, now }: Sealing,
): Promise<RoundMemory | undefined> {
  const text = await seal.open(sealed, contextOf(exchange));
  const state: unknown = text === undefined ? undefined : JSON.parse(text);
  if (!isJsonObject(state) || typeof state.expiresAt !== 'number' || state.expiresAt < now()) return undefined;
  return {
    answers: state.answers as RoundMemory['answers'],
    remembered: state.remembered as RoundMemory['remembered'],
  };
}

/** All that the request says but what a retry adds. */
function contextOf({ principal, tenant, method, params }: Exchange): string {
  const { _meta, inputResponses, requestState, ...said } = params;
  return canonical([
    principal ? [principal.issuer, principal.subject, principal.clientId ?? null] : null,
    tenant?.host ?? null,
    method,
    said,
  ]);
}

/** JSON with sorted members: the same value gives the same text, however the client orders it. */
function canonical(value: JsonValue): string {
  return JSON.stringify(value, (_, member: unknown) => (isJsonObject(member) ? sorted(member) : member));
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
