import { HeimdallError } from '../errors.ts';
import type { VerifierPolicy } from '../options.ts';
import type { Principal } from '../principal.ts';
import type { Revocation, RevocationListener } from './revocation.ts';
import { createRevocations, type Revocations } from './revocations.ts';

/**
 * A revocation whose issuer is the verifier's only one, unless it says otherwise, and whose time is now: by the issuer's clock, which may be ahead by the
 * tolerance, so that tokens issued in the next seconds are meant as well.
 */
export type NewRevocation = Omit<Revocation, 'issuer' | 'issuedBefore'> & Partial<Revocation>;

/** Takes revocations in and passes them on. */
export interface RevocationDesk {
  readonly revocations: Revocations;
  /**
   * Makes tokens void at once, here and on the replicas that share the bus.
   *
   * @throws HeimdallError `bad_revocation` when the issuer is missing or unknown, when an id is there without a value, as the `sessionId` of a
   *   principal that has none, or when `issuedBefore` is no time; whatever the bus throws, after the tokens are void here
   */
  revoke(revocation: NewRevocation): Promise<void>;
  /** Whether the principal's token has been revoked since it was verified. Never throws. */
  isRevoked(principal: Principal): boolean;
  /**
   * Tells of every revocation, at least once, for whoever serves a principal over a long time. The function returned stops it.
   */
  onRevocation(listener: RevocationListener): () => void;
  /** Leaves the bus. */
  close(): void;
}

type DeskPolicy = Pick<VerifierPolicy, 'issuers' | 'revocations' | 'revocationBus' | 'clockToleranceSeconds' | 'now'>;

/** Creates the desk of one verifier and joins its bus. */
export function createRevocationDesk(policy: DeskPolicy): RevocationDesk {
  const { revocationBus, clockToleranceSeconds, now } = policy;
  const revocations = createRevocations({ ...policy.revocations, now });
  const listeners = new Set<RevocationListener>();
  const issuers = new Set(policy.issuers.map(({ issuer }) => issuer));

  function hear(revocation: Revocation): void {
    // Replicas may serve different issuers over one bus.
    if (!issuers.has(revocation.issuer)) return;
    revocations.add(revocation);
    for (const listener of listeners) listener(revocation);
  }

  const leave = revocationBus?.subscribe(hear, (issuedBefore) => {
    for (const issuer of issuers) hear({ issuer, issuedBefore });
  });

  return {
    revocations,
    async revoke({ issuer = issuers.size === 1 ? policy.issuers[0].issuer : undefined, issuedBefore, ...covered }) {
      if (issuer === undefined || !issuers.has(issuer)) throw bad('must name one of the issuers of this verifier');
      verifyCovered(covered);
      const before = issuedBefore ?? now() / 1000 + clockToleranceSeconds;
      if (!Number.isFinite(before)) throw bad('must have seconds since the epoch as "issuedBefore"');
      const revocation = { ...covered, issuer, issuedBefore: before };
      hear(revocation);
      await revocationBus?.publish(revocation);
    },
    isRevoked: (principal) => revocations.isRevoked(principal),
    onRevocation(listener) {
      const entry: RevocationListener = (revocation) => listener(revocation);
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    close() {
      leave?.();
    },
  };
}

/** An id without a value must not widen the revocation to all tokens of the issuer. */
function verifyCovered(covered: Pick<NewRevocation, 'sessionId' | 'subject' | 'clientId'>): void {
  for (const name of ['sessionId', 'subject', 'clientId'] as const) {
    if (!(name in covered)) continue;
    const id: unknown = covered[name];
    if (typeof id !== 'string' || id === '')
      throw bad(`has "${name}" without a value: leave it out, or name what is meant`);
  }
}

function bad(rule: string): HeimdallError {
  return new HeimdallError('bad_revocation', `A revocation ${rule}.`);
}
