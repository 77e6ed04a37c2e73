import { createHolds, createSigVerifier, type Holds, type MonitoredPublisher } from '@asgard/grip';
import { OdinError } from '../errors.ts';

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
}

/** @internal */
export interface ResolvedHermod {
  readonly publisher: MonitoredPublisher;
  readonly holds: Holds;
  readonly required: boolean;
  readonly replica: string;
  readonly maxHoldMs: number;
  readonly isProxied: (signature: string | undefined) => Promise<boolean>;
}

/** @throws OdinError `bad_option`; GripError for a key that cannot be used */
export function resolveHermod(options: HermodOptions | undefined): ResolvedHermod | undefined {
  if (!options) return undefined;
  if (options.keys.length === 0) {
    throw new OdinError('bad_option', 'hermod.keys: at least one key is needed, or no request could ever be held.');
  }
  const { publisher, keys, issuer, required = false, maxHoldMs = 3_600_000 } = options;
  const replica = options.replica ?? randomName();
  const verifier = createSigVerifier({ keys: [...keys], ...(issuer !== undefined && { issuer }) });
  return {
    publisher,
    required,
    replica,
    maxHoldMs,
    holds: createHolds({ publisher, replica, maxHoldMs }),
    isProxied: (signature) => verifier.verify(signature),
  };
}

function randomName(): string {
  return globalThis.crypto.randomUUID().replaceAll('-', '').slice(0, 12);
}
