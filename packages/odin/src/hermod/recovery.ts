import type { LastBlock, LeaseSealer, LossReason, RecoveryOptions } from '@asgard/grip';
import { OdinError } from '../errors.ts';
import { formatEvent } from '../http/sse.ts';
import { RPC } from '../protocol/vocabulary.ts';

export interface HermodRecovery {
  /** Seals the links: `createLeaseSealer` of `@asgard/grip/node`, with the same keys in every replica and after a restart. */
  readonly sealer: LeaseSealer;
  /**
   * Where the proxy and the other replicas reach this very replica, such as `http://10.0.0.7:8080`. Then links need neither the gateway
   * nor an open route, and find the replica that has the stream. @default links are relative, and come the way of requests
   */
  readonly advertise?: string;
  /**
   * Where the proxy reaches any of the replicas, such as `http://odin:8080`, or `/` for the way of requests. Links lead there instead, and
   * whoever is asked passes them on: so they are answered also when the replica that has the stream is gone. Needs `advertise`, and a `cluster` that the replicas
   * share. @default links lead to the replica itself
   */
  readonly service?: string;
  /** Whole seconds of silence after which the proxy asks. @default 60 */
  readonly timeoutSeconds?: number;
}

/** Below it next links are answered; the last segment is the replica and a number. */
export const NEXT_LINK_PATH = '/.odin/next';

/** @throws OdinError `bad_option` for an address that is none */
export function recoveryOf({ sealer, advertise, service, timeoutSeconds }: HermodRecovery): RecoveryOptions {
  const own = advertise ? parseAddress('advertise', advertise) : '';
  const base = service === undefined || service === '/' ? service?.slice(1) : parseAddress('service', service);
  return {
    sealer,
    url: `${base ?? own}${NEXT_LINK_PATH}`,
    explain: ({ reason, data }) => (data === '' ? '' : formatEvent(formatLoss(reason, data))),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
}

/** The end of a call that cannot be continued: an error for its own request, which the client may send again. */
function formatLoss(reason: LossReason, id: string): string {
  const error = JSON.stringify({ code: RPC.internalError, message: LOSSES[reason], data: { retryable: true } });
  return `{"jsonrpc":"2.0","id":${id},"error":${error}}`;
}

const LOSSES: Readonly<Record<LossReason, string>> = {
  unknown: 'The server was restarted before this call finished. Retry the request.',
  gone: 'The server that ran this call is gone. Retry the request.',
  expired: 'This call was not finished in time. Retry the request.',
  gap: 'The stream lost messages because they were not read in time. Retry the request.',
};

/** The last block of a call whose replica is gone. The same for all of them at once: the proxy puts in the id of each request. */
export const GONE: LastBlock = splitAt(formatEvent(formatLoss('gone', '\0')), '\0');

function splitAt(text: string, mark: string): LastBlock {
  const [head = '', tail = ''] = text.split(mark);
  return { head, tail };
}

/** Without a slash at its end. */
export function parseAddress(option: 'advertise' | 'service', text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash) {
    return url.href.replace(/\/+$/, '');
  }
  const also = option === 'service' ? ', or / for the way of requests' : '';
  throw new OdinError(
    'bad_option',
    `hermod.recovery.${option}: must be like http://odin:8080${also}, not ${JSON.stringify(text)}.`,
  );
}
