/**
 * What a channel name carries sealed, so that a next link can be answered when the process that made it is gone.
 * The link itself is the same for all streams of a replica: Pushpin asks ten links a second, but a hundred streams with one link at once.
 */
export interface Lease {
  /** Whose lease it is: the readable part of the channel name. A token opens only with the scope that it was sealed for. */
  readonly scope: string;
  /** Epoch milliseconds after which the lease is void. */
  readonly expiresAt: number;
  /** The caller's own words: which request this is, whose. Some 400 characters. */
  readonly data: string;
}

/**
 * Turns leases into opaque, unguessable text and back. Must be authenticated and encrypted, and never give the same text twice:
 * whoever knows it may read the stream. `createLeaseSealer` of `@asgard/grip/node` is one.
 */
export interface LeaseSealer {
  /** Writes at most 800 characters of base64url. */
  seal(lease: Lease): string;
  /** `undefined` for anything that it has not sealed for the scope. Never throws. */
  unseal(token: string, scope: string): Lease | undefined;
}

/** Why a stream cannot go on. `gap`: its log no longer has what the client misses. `gone`: its replica will not come back. */
export type LossReason = 'unknown' | 'expired' | 'gap' | 'gone';

/** A stream that ends because it cannot be continued. */
export interface Loss {
  readonly reason: LossReason;
  /** What the lease carries. */
  readonly data: string;
}

/** Options of recovery by next links. */
export interface RecoveryOptions {
  /**
   * Where the proxy asks: an absolute URL straight to this replica, a path that leads to it, or either one that leads to any replica which
   * passes on what is for another (see `owner` of the answer). A last segment is added: the replica's id
   * and a number, the same for some streams, because Pushpin makes ten checks a second but takes streams with one link for one.
   */
  readonly url: string;
  /** Seals the leases, with the same keys in every replica and after a restart. */
  readonly sealer: LeaseSealer;
  /** Whole seconds without an item after which the proxy asks. @default 60 */
  readonly timeoutSeconds?: number;
  /** The last block for a client whose stream cannot go on, such as an error for its request. */
  readonly explain: (loss: Loss) => string;
}
