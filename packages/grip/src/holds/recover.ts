import { EVENT_STREAM_TYPE } from '../sse/event.ts';
import { formatHoldHeaders } from '../wire/hold.ts';
import { type LastId, parseLast } from '../wire/last.ts';
import { readLease } from './channel-name.ts';
import type { HeldAnswer } from './held-answer.ts';
import type { Lease, LossReason } from './lease.ts';
import type { HoldsSettings, Recovery } from './options.ts';

/** A request for a next link. Its `Grip-Sig` must have been verified before. */
export interface RecoveryRequest {
  /** `Grip-Last` of the request: the channel with its sealed lease. A client cannot send it: the proxy takes it away. */
  readonly last: string | null | undefined;
  /** Say so only when the replica that an earlier answer named is certainly gone: its stream is then ended with an explanation. */
  readonly ownerGone?: boolean;
}

/** What to answer it with. */
export interface RecoveryAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `none`: nothing was missing. `repaired`: the body has what was. `lost`: the body explains. `refused`: no answer at all. */
  readonly outcome: 'none' | 'repaired' | 'lost' | 'refused';
  /** Present when the stream is another replica's: that one, as `others()` names it. Who knows where it is can pass the request on. */
  readonly owner?: string;
}

const EVENTS = { 'content-type': EVENT_STREAM_TYPE, 'cache-control': 'no-store' };

/** Nothing is revealed to a stranger, not even whether a stream exists. */
const REFUSED: RecoveryAnswer = { status: 404, headers: {}, body: '', outcome: 'refused' };

/** Answers a next link: goes on holding with what was missed, ends with the rest, or ends with an explanation. */
export function recover(
  request: RecoveryRequest,
  settings: HoldsSettings & { readonly recovery: Recovery },
  find: (channel: string) => HeldAnswer | undefined,
): RecoveryAnswer {
  const { recovery, clock, replica } = settings;
  const asked = findAsked(request.last, settings);
  if (!asked) return REFUSED;
  const { lease, lastId } = asked;
  const hold = find(asked.channel);
  if (!hold) {
    if (lease.expiresAt <= clock.now()) return explain(recovery, lease, 'expired');
    if (asked.replica === replica) return explain(recovery, lease, 'unknown');
    return request.ownerGone ? explain(recovery, lease, 'gone') : elsewhere(asked.owner);
  }
  const log = hold.outbox.log;
  const missing = log?.since(lastId);
  if (!log || missing === undefined) {
    hold.lose();
    return explain(recovery, lease, 'gap');
  }
  const outcome = missing === '' ? 'none' : 'repaired';
  if (hold.state === 'ended' || hold.outbox.closeSent) return { status: 200, headers: EVENTS, body: missing, outcome };
  log.trim(lastId);
  const [own, ...others] = hold.instruction.channels;
  const channels = [{ ...own, name: hold.channel, prevId: String(log.last) }, ...others];
  const headers = { ...EVENTS, ...formatHoldHeaders({ ...hold.instruction, channels }) };
  return { status: 200, headers, body: missing, outcome };
}

interface Asked {
  readonly channel: string;
  readonly replica: string;
  readonly owner: string;
  readonly lease: Lease;
  readonly lastId: number;
}

/** The stream that is asked for: the channel whose name has a lease of ours. */
function findAsked(
  last: string | null | undefined,
  { prefix, recovery }: Pick<HoldsSettings, 'prefix'> & { readonly recovery: Recovery },
): Asked | undefined {
  for (const { channel, lastId } of readLast(last ?? '')) {
    const found = readLease(channel, prefix, recovery.sealer);
    if (found) return { ...found, channel, lastId: Number(lastId) };
  }
  return undefined;
}

function readLast(text: string): readonly LastId[] {
  try {
    return parseLast(text);
  } catch {
    return [];
  }
}

/** Another replica has the stream, or had it. The proxy asks again, and may reach that one. */
function elsewhere(owner: string): RecoveryAnswer {
  return { status: 503, headers: { 'retry-after': '1' }, body: '', outcome: 'refused', owner };
}

function explain(recovery: Recovery, { data }: Lease, reason: LossReason): RecoveryAnswer {
  return { status: 200, headers: EVENTS, body: recovery.explain({ reason, data }), outcome: 'lost' };
}
