import type { Principal, RevocableVerifier, TokenVerifier } from '@asgard/heimdall-client';

/** Tells whether a principal's token has been revoked. */
export type IsRevoked = (principal: Principal) => boolean;

interface Guest {
  readonly principal: Principal;
  readonly leave: () => void;
}

/** Whoever is being served right now, so that it ends when their token is revoked and not only when it expires. */
export class Guests {
  readonly #present = new Set<Guest>();
  readonly #others: ((isRevoked: IsRevoked) => void)[] = [];

  /** Hears the revocations of a verifier that knows any. @returns stops it */
  follow(verifier: Pick<TokenVerifier, 'peek' | 'verify'>): () => void {
    if (!isRevocable(verifier)) return () => {};
    return verifier.onRevocation(() => this.#sweep((principal) => verifier.isRevoked(principal)));
  }

  /** @returns takes the guest off the list */
  add(principal: Principal, leave: () => void): () => void {
    const guest = { principal, leave };
    this.#present.add(guest);
    return () => void this.#present.delete(guest);
  }

  /** For those who keep a list of their own. */
  alsoTell(sweep: (isRevoked: IsRevoked) => void): void {
    this.#others.push(sweep);
  }

  #sweep(isRevoked: IsRevoked): void {
    for (const { principal, leave } of [...this.#present]) if (isRevoked(principal)) leave();
    for (const tell of this.#others) tell(isRevoked);
  }
}

type Revocable = Pick<RevocableVerifier, 'revoke' | 'isRevoked' | 'onRevocation'>;

export function isRevocable<V extends object>(verifier: V): verifier is V & Revocable {
  return 'onRevocation' in verifier && 'isRevoked' in verifier && 'revoke' in verifier;
}
