import {
  createHolds,
  createSigVerifier,
  type Holds,
  type LeaseSealer,
  type LossReason,
  type MonitoredPublisher,
  type RecoveryOptions,
} from '@asgard/grip';
import { type After, afterOnTimer } from '../cluster/after.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { OdinError } from '../errors.ts';
import { formatEvent } from '../http/sse.ts';
import type { Logger } from '../observability/logger.ts';
import { RPC } from '../protocol/vocabulary.ts';
import { Undertaker } from './undertaker.ts';

/** A GRIP proxy (Pushpin, or the stand-in of `asgard dev`) that may hold this server's streams. */
export interface HermodOptions {
  /** Publishes to the proxy and hears which channels it holds: `createXpubPublisher` of `@asgard/grip/zeromq`. */
  readonly publisher: MonitoredPublisher;
  /**
   * Keys that the proxy signs `Grip-Sig` with; several while one is being rotated. A request without a valid
   * signature is served like any other and never held.
   */
  readonly keys: readonly string[];
  /** Expected `iss` of the signature. @default any */
  readonly issuer?: string;
  /** Refuse requests that did not come through the proxy with 403. @default false */
  readonly required?: boolean;
  /** Stable name of this replica, part of its channels' names. `A-Z a-z 0-9 _ -`. @default random */
  readonly replica?: string;
  /** Longest life of a held stream. Milliseconds. @default 3600000 */
  readonly maxHoldMs?: number;
  /**
   * Gives every held call a link by which the proxy asks for what it missed, and by which a client learns that its
   * call died with its server. Without, such a client waits until it gives up. @default none
   */
  readonly recovery?: HermodRecovery;
  /**
   * Runs something that many milliseconds later and returns what takes it back: for tests, `after` of `createTestClock`.
   * By it the ends of held streams are watched, and the other replicas. @default the runtime's timers
   */
  readonly after?: (ms: number, run: () => void) => () => void;
}

export interface HermodRecovery {
  /** Seals the links: `createLeaseSealer` of `@asgard/grip/node`, with the same keys in every replica and after a restart. */
  readonly sealer: LeaseSealer;
  /**
   * Where the proxy reaches this very replica, such as `http://10.0.0.7:8080`. Then links need neither the gateway nor an
   * open route, and find the replica that has the stream. @default links are relative, and come the way of requests
   */
  readonly advertise?: string;
  /** Whole seconds of silence after which the proxy asks. @default 60 */
  readonly timeoutSeconds?: number;
}

/** Below it next links are answered; the last segment is the replica and a number. */
export const NEXT_LINK_PATH = '/.odin/next';

/** @internal */
export interface ResolvedHermod {
  readonly publisher: MonitoredPublisher;
  readonly holds: Holds;
  readonly required: boolean;
  readonly replica: string;
  readonly maxHoldMs: number;
  readonly after: After;
  readonly isProxied: (signature: string | undefined) => Promise<boolean>;
  /** Present when replicas share a cluster, and the proxy reaches each by its own address. */
  readonly undertaker: Undertaker | undefined;
}

/** @throws OdinError `bad_option`; GripError for a key that cannot be used */
export function resolveHermod(
  options: HermodOptions | undefined,
  shared?: { readonly cluster: Cluster; readonly logger: Logger },
): ResolvedHermod | undefined {
  if (!options) return undefined;
  if (options.keys.length === 0) {
    throw new OdinError('bad_option', 'hermod.keys: at least one key is needed, or no request could ever be held.');
  }
  const { publisher, keys, issuer, required = false, maxHoldMs = 3_600_000, after = afterOnTimer } = options;
  const replica = options.replica ?? randomName();
  const verifier = createSigVerifier({ keys: [...keys], ...(issuer !== undefined && { issuer }) });
  const holds = createHolds({
    publisher,
    replica,
    maxHoldMs,
    ...(options.recovery && { recovery: recoveryOf(options.recovery) }),
  });
  const advertise = options.recovery?.advertise?.replace(/\/+$/, '');
  const undertaker =
    shared && advertise ? new Undertaker({ ...shared, holds, advertise, block: GONE, after }) : undefined;
  const isProxied = (signature: string | undefined): Promise<boolean> => verifier.verify(signature);
  return { publisher, required, replica, maxHoldMs, after, holds, isProxied, undertaker };
}

function recoveryOf({ sealer, advertise = '', timeoutSeconds }: HermodRecovery): RecoveryOptions {
  return {
    sealer,
    url: `${advertise.replace(/\/+$/, '')}${NEXT_LINK_PATH}`,
    explain: ({ reason, data }) => formatEvent(formatLoss(reason, data)),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
}

/** The end of a call that cannot be continued: an error for its own request, which the client may send again. */
function formatLoss(reason: LossReason | 'gone', id: string): string {
  const error = JSON.stringify({ code: RPC.internalError, message: LOSSES[reason], data: { retryable: true } });
  return `{"jsonrpc":"2.0","id":${id},"error":${error}}`;
}

const LOSSES: Readonly<Record<LossReason | 'gone', string>> = {
  unknown: 'The server was restarted before this call finished. Retry the request.',
  gone: 'The server that ran this call is gone. Retry the request.',
  expired: 'This call was not finished in time. Retry the request.',
  gap: 'The stream lost messages because they were not read in time. Retry the request.',
};

/** The same for all calls of a replica at once: the proxy puts in the id of each. */
const GONE = splitAt(formatEvent(formatLoss('gone', '\0')), '\0');

function splitAt(text: string, mark: string): { readonly head: string; readonly tail: string } {
  const [head = '', tail = ''] = text.split(mark);
  return { head, tail };
}

function randomName(): string {
  return globalThis.crypto.randomUUID().replaceAll('-', '').slice(0, 12);
}
