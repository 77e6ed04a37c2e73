import {
  formatRevocation,
  type GapListener,
  type Revocation,
  type RevocationBus,
  type RevocationListener,
} from './revocation.ts';

/** Options of `createRememberingBus`. */
export interface RememberingBusOptions {
  /** Most revocations that are remembered; more of them widen the oldest to all tokens of its issuer. @default 10_000 */
  readonly maxEntries?: number;
  /** How long one is remembered, milliseconds. @default 86_400_000 */
  readonly retentionMs?: number;
  /** Wall clock, milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

/** A bus, and the way to leave the one below it. */
export interface RememberingBus extends RevocationBus {
  /** Tells everybody here of a revocation, without publishing it. */
  hear(revocation: Revocation): void;
  /** Stops listening to the bus below. */
  close(): void;
}

interface Heard {
  readonly revocation: Revocation;
  readonly at: number;
}

/**
 * Creates a bus for verifiers that come and go within one process, such as those of tenants: whoever subscribes late hears what was revoked
 * before.
 *
 * @param below carries revocations between processes
 */
export function createRememberingBus(below?: RevocationBus, options: RememberingBusOptions = {}): RememberingBus {
  const { maxEntries = 10_000, retentionMs = 86_400_000, now = Date.now } = options;
  /** By what they cover, oldest first. */
  const heard = new Map<string, Heard>();
  const listeners = new Set<RevocationListener>();
  const gapListeners = new Set<GapListener>();
  /** Of everything up to this second something may be missing. */
  let gap = Number.NEGATIVE_INFINITY;

  function remember(revocation: Revocation): void {
    const { issuedBefore, ...covered } = revocation;
    const key = formatRevocation({ ...covered, issuedBefore: 0 });
    const known = heard.get(key)?.revocation.issuedBefore ?? issuedBefore;
    heard.delete(key);
    heard.set(key, { revocation: { ...revocation, issuedBefore: Math.max(known, issuedBefore) }, at: now() });
  }

  function makeRoom(): void {
    for (const [key, { revocation, at }] of heard) {
      const { issuer } = revocation;
      const isOld = at + retentionMs <= now();
      if (!isOld && heard.size <= maxEntries) return;
      const isWide = formatRevocation({ issuer, issuedBefore: 0 }) === key;
      if (!isOld && isWide) continue;
      heard.delete(key);
      if (!isOld) remember({ issuer, issuedBefore: Math.max(revocation.issuedBefore, at / 1000) });
    }
  }

  function hear(revocation: Revocation): void {
    remember(revocation);
    makeRoom();
    for (const listener of [...listeners]) listener(revocation);
  }

  const leave = below?.subscribe(hear, (issuedBefore) => {
    gap = Math.max(gap, issuedBefore);
    for (const onGap of [...gapListeners]) onGap(issuedBefore);
  });

  return {
    hear,
    async publish(revocation) {
      // At once, whether the others can be reached or not.
      hear(revocation);
      await below?.publish(revocation);
    },
    subscribe(listener, onGap = () => {}) {
      makeRoom();
      if (gap * 1000 + retentionMs > now()) onGap(gap);
      for (const { revocation } of heard.values()) listener(revocation);
      const entry: RevocationListener = (revocation) => listener(revocation);
      const gapEntry: GapListener = (issuedBefore) => onGap(issuedBefore);
      listeners.add(entry);
      gapListeners.add(gapEntry);
      return () => {
        listeners.delete(entry);
        gapListeners.delete(gapEntry);
      };
    },
    close() {
      leave?.();
    },
  };
}
