import { HeimdallError } from '../errors.ts';
import type { VerifierPolicy } from '../options.ts';
import type { Principal } from '../principal.ts';
import type { Revocation, RevocationListener } from './revocation.ts';
import { createRevocations, type Revocations } from './revocations.ts';

/** A revocation whose issuer is the verifier's only one, and whose time is now, unless it says otherwise. */
export type NewRevocation = Omit<Revocation, 'issuer' | 'issuedBefore'> & Partial<Revocation>;

/** Takes revocations in and passes them on. */
export interface RevocationDesk {
  readonly revocations: Revocations;
  /**
   * Makes tokens void at once, here and on the replicas that share the bus.
   *
   * @throws HeimdallError `bad_revocation` when the issuer is missing or unknown; whatever the bus throws, after the tokens are void here
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

type DeskPolicy = Pick<VerifierPolicy, 'issuers' | 'revocations' | 'revocationBus' | 'now'>;

/** Creates the desk of one verifier and joins its bus. */
export function createRevocationDesk(policy: DeskPolicy): RevocationDesk {
  const { revocationBus, now } = policy;
  const revocations = createRevocations({ ...policy.revocations, now });
  const listeners = new Set<RevocationListener>();
  const issuers = new Set(policy.issuers.map(({ issuer }) => issuer));

  function hear(revocation: Revocation): void {
    // Replicas may serve different issuers over one bus.
    if (!issuers.has(revocation.issuer)) return;
    revocations.add(revocation);
    for (const listener of listeners) listener(revocation);
  }

  const leave = revocationBus?.subscribe(hear);

  return {
    revocations,
    async revoke({ issuer = issuers.size === 1 ? policy.issuers[0].issuer : undefined, ...covered }) {
      if (issuer === undefined || !issuers.has(issuer)) {
        const message = 'A revocation must name one of the issuers of this verifier.';
        throw new HeimdallError('bad_revocation', message);
      }
      const revocation = { issuedBefore: now() / 1000, ...covered, issuer };
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
