/** What a next link carries: enough to answer it when the process that made it is gone. */
export interface Lease {
  readonly channel: string;
  /** Epoch milliseconds after which the link is void. */
  readonly expiresAt: number;
  /** The caller's own words: which request this is, whose. */
  readonly data: string;
}

/**
 * Turns leases into opaque text for a URL and back. Must be authenticated and encrypted: whoever has a token may read the stream.
 * `createLeaseSealer` of `@asgard/grip/node` is one.
 */
export interface LeaseSealer {
  /** Writes characters of base64url only. */
  seal(lease: Lease): string;
  /** `undefined` for anything that it has not sealed. Never throws. */
  unseal(token: string): Lease | undefined;
}

/** Why a stream cannot go on. `gap`: its log no longer has what the client misses. */
export type LossReason = 'unknown' | 'expired' | 'gap';

/** A stream that ends because it cannot be continued. */
export interface Loss {
  readonly reason: LossReason;
  /** What the lease carries. */
  readonly data: string;
}

/** Options of recovery by next links. */
export interface RecoveryOptions {
  /** Where the proxy asks: an absolute URL straight to this replica, or a path that leads to it. The token is added as last segment. */
  readonly url: string;
  /** Seals the links, with the same keys in every replica and after a restart. */
  readonly sealer: LeaseSealer;
  /** Whole seconds without an item after which the proxy asks. @default 60 */
  readonly timeoutSeconds?: number;
  /** The last block for a client whose stream cannot go on, such as an error for its request. */
  readonly explain: (loss: Loss) => string;
}
