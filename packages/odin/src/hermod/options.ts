import { createHolds, createSigVerifier, type Holds, type MonitoredPublisher } from '@asgard/grip';
import { type After, afterOnTimer } from '../cluster/after.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { OdinError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import { Acquaintances } from './acquaintances.ts';
import { GONE, type HermodRecovery, parseAddress, recoveryOf } from './recovery.ts';
import { Undertaker } from './undertaker.ts';
import { Whereabouts } from './whereabouts.ts';

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
  /** Milliseconds of a clock that only goes forward, for durations: for tests, `now` of `createTestClock`. @default performance.now */
  readonly monotonic?: () => number;
}

/** @internal */
export interface ResolvedHermod {
  readonly publisher: MonitoredPublisher;
  readonly holds: Holds;
  readonly required: boolean;
  readonly replica: string;
  readonly maxHoldMs: number;
  readonly after: After;
  readonly monotonic: () => number;
  readonly isProxied: (signature: string | undefined) => Promise<boolean>;
  /** Present when replicas share a cluster, and each is reached by its own address. */
  readonly neighbours: Neighbours | undefined;
}

/** How replicas find each other, and what they do for each other. */
interface Neighbours {
  readonly whereabouts: Whereabouts;
  readonly acquaintances: Acquaintances;
  readonly undertaker: Undertaker;
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
  const { publisher, keys, issuer, required = false, maxHoldMs = 3_600_000 } = options;
  const { after = afterOnTimer, monotonic = () => performance.now() } = options;
  const replica = options.replica ?? randomName();
  const verifier = createSigVerifier({ keys: [...keys], ...(issuer !== undefined && { issuer }) });
  const holds = createHolds({
    publisher,
    replica,
    maxHoldMs,
    monotonic,
    ...(options.recovery && { recovery: recoveryOf(options.recovery) }),
  });
  const isProxied = (signature: string | undefined): Promise<boolean> => verifier.verify(signature);
  const { advertise, service } = options.recovery ?? {};
  const neighbours = shared && advertise ? meet({ ...shared, advertise, holds, maxHoldMs, after }) : undefined;
  if (service !== undefined && !neighbours) {
    throw new OdinError(
      'bad_option',
      'hermod.recovery.service: needs hermod.recovery.advertise and a cluster, or whoever is asked could not find the replica that is meant.',
    );
  }
  return { publisher, required, replica, maxHoldMs, after, monotonic, holds, isProxied, neighbours };
}

function meet({ cluster, logger, advertise, holds, maxHoldMs, after }: Meeting): Neighbours {
  const { owner } = holds;
  const address = parseAddress('advertise', advertise);
  const self = { owner, advertise: address, logger };
  const whereabouts = new Whereabouts({ ...self, state: cluster.state, maxHoldMs, after });
  const acquaintances = new Acquaintances({ ...self, bus: cluster.bus, after });
  const undertaker = new Undertaker({ whereabouts, acquaintances, holds, block: GONE, logger, after });
  return { whereabouts, acquaintances, undertaker };
}

interface Meeting extends Pick<ResolvedHermod, 'holds' | 'maxHoldMs' | 'after'> {
  readonly cluster: Cluster;
  readonly logger: Logger;
  readonly advertise: string;
}

function randomName(): string {
  return globalThis.crypto.randomUUID().replaceAll('-', '').slice(0, 12);
}
