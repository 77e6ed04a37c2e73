import {
  isCovered,
  type Principal,
  type RememberingBus,
  type RevocableVerifier,
  type Revocation,
  type TokenVerifier,
} from '@asgard/heimdall-client';
import { Chain, type Chained } from '../chain.ts';

/** Tells whether a principal's token has been revoked. */
export type IsRevoked = (principal: Principal) => boolean;

/** Somebody who is being served. */
export class Guest implements Chained<Guest> {
  readonly principal: Principal;
  before: Guest | undefined;
  after: Guest | undefined;
  #revoked = false;
  #leave: (() => void) | undefined;

  constructor(principal: Principal) {
    this.principal = principal;
  }

  get revoked(): boolean {
    return this.#revoked;
  }

  /** Called once when the token is revoked, at once if that has happened since the guest came. */
  onRevoked(leave: () => void): void {
    if (this.#revoked) leave();
    else this.#leave = leave;
  }

  /** @internal */
  revoke(): void {
    if (this.#revoked) return;
    this.#revoked = true;
    this.#leave?.();
  }
}

/** One request, from when it came until it is answered. */
export interface Visit {
  /** Who made it, once that is known. */
  guest: Guest | undefined;
}

/** Whoever is being served right now, so that it ends when their token is revoked and not only when it expires. */
export class Guests {
  readonly #present = new Chain<Guest>();
  readonly #others: ((isRevoked: IsRevoked) => void)[] = [];

  /** @param revocations those of every verifier of this server */
  constructor(revocations: Pick<RememberingBus, 'subscribe'>) {
    revocations.subscribe((revocation) => this.#sweep(revocation));
  }

  /** From the moment at which a token was found good. */
  arrive(principal: Principal): Guest {
    const guest = new Guest(principal);
    this.#present.join(guest);
    return guest;
  }

  /** Does nothing for one who has left. */
  depart(guest: Guest): void {
    this.#present.leave(guest);
  }

  /**
   * Watches a guest for longer than their request lasts.
   *
   * @returns stops it
   */
  follow(guest: Guest, leave: () => void): () => void {
    if (guest.revoked) {
      queueMicrotask(leave);
      return () => {};
    }
    const same = this.arrive(guest.principal);
    same.onRevoked(leave);
    return () => this.depart(same);
  }

  /** For those who keep a list of their own. */
  alsoTell(sweep: (isRevoked: IsRevoked) => void): void {
    this.#others.push(sweep);
  }

  #sweep(revocation: Revocation): void {
    const isRevoked: IsRevoked = (principal) => isCovered(principal, revocation);
    // Of a list: who is told may make others leave.
    for (const guest of this.#present.list()) if (isRevoked(guest.principal)) guest.revoke();
    for (const tell of this.#others) tell(isRevoked);
  }
}

type Revocable = Pick<RevocableVerifier, 'revoke' | 'isRevoked' | 'onRevocation'>;

export function isRevocable<V extends object>(verifier: V): verifier is V & Revocable {
  return 'onRevocation' in verifier && 'isRevoked' in verifier && 'revoke' in verifier;
}

/** What a verifier of the caller's own hears is for the other verifiers of this server as well. */
export function passOn(verifier: Pick<TokenVerifier, 'peek' | 'verify'>, revocations: RememberingBus): void {
  if (isRevocable(verifier)) verifier.onRevocation((revocation) => revocations.hear(revocation));
}
