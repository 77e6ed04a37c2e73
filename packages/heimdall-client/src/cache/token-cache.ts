import { LRUCache } from 'lru-cache';
import type { VerifierPolicy } from '../options.ts';
import type { Principal } from '../principal.ts';
import type { Revocations } from '../revocation/revocations.ts';

/** Remembers whom a verified token belongs to. Holds a digest of the token, never the token. */
export interface TokenCache {
  /** The key of a token under this policy. */
  keyOf(token: string): string;
  /** The principal behind a key, unless it is unknown, was verified too long ago, or its token is over or revoked. */
  read(key: string): Principal | undefined;
  /** Whether it is time to renew what is known; says so once for each writing. */
  takeDue(key: string): boolean;
  /** What was known turned out to be over. */
  forget(key: string): void;
  /** Remembers a verified principal; does nothing when the token is about to expire. */
  write(key: string, principal: Principal, options: WriteOptions): void;
  stats(): TokenCacheStats;
}

/** How an entry is kept. */
export interface WriteOptions {
  /** Longest time to believe it, milliseconds; the cache's own limit holds as well. */
  readonly maxTtlMs: number;
  /** Whether to renew it before it is too old. @default false */
  readonly renew?: boolean;
}

/** Counters since the start. */
export interface TokenCacheStats {
  readonly entries: number;
  /** Entries that had to go for newer ones. */
  readonly evicted: number;
}

interface Entry {
  readonly principal: Principal;
  /** Milliseconds since the epoch: the earlier of the end of belief and the end of the token. */
  readonly staleAt: number;
  /** Milliseconds since the epoch. */
  renewAt: number;
  /** State of the revocations when they were last looked at. */
  checkedVersion: number;
}

/** Part of its time after which an entry is renewed. */
const RENEW_AFTER = 0.8;

type CachePolicy = Pick<VerifierPolicy, 'id' | 'clockToleranceSeconds' | 'cache' | 'hash' | 'now'>;

/** Creates the cache of one policy. */
export function createTokenCache(policy: CachePolicy, revocations: Revocations): TokenCache {
  const { hash, now } = policy;
  const prefix = `${policy.id}:`;
  let evicted = 0;
  const entries = new LRUCache<string, Entry>({
    max: policy.cache.maxEntries,
    maxSize: policy.cache.maxBytes,
    dispose: (_entry, _key, reason) => {
      if (reason === 'evict') evicted += 1;
    },
  });

  /** Looks again only when there was a revocation since. */
  function isRevoked(entry: Entry): boolean {
    if (entry.checkedVersion === revocations.version) return false;
    entry.checkedVersion = revocations.version;
    return revocations.isRevoked(entry.principal);
  }

  return {
    keyOf: (token) => prefix + hash(token),
    read(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (now() < entry.staleAt && !isRevoked(entry)) return entry.principal;
      entries.delete(key);
      return undefined;
    },
    takeDue(key) {
      const entry = entries.peek(key);
      if (entry === undefined || now() < entry.renewAt) return false;
      entry.renewAt = Number.POSITIVE_INFINITY;
      return true;
    },
    forget: (key) => void entries.delete(key),
    write(key, principal, { maxTtlMs, renew = false }) {
      const at = now();
      const end = (principal.expiresAt - policy.clockToleranceSeconds) * 1000;
      const staleAt = Math.min(end, at + Math.min(maxTtlMs, policy.cache.maxTtlMs));
      if (staleAt <= at) return;
      const renewAt = renew ? at + (staleAt - at) * RENEW_AFTER : Number.POSITIVE_INFINITY;
      entries.set(
        key,
        { principal, staleAt, renewAt, checkedVersion: revocations.version },
        { size: sizeOf(principal) },
      );
    },
    stats: () => ({ entries: entries.size, evicted }),
  };
}

/** What an entry takes beside the strings in it, roughly, bytes. */
const ENTRY_BYTES = 512;

/** Estimates the memory of an entry, bytes: what a principal holds comes from its issuer, and may be large however short the token is. */
function sizeOf(principal: Principal): number {
  return ENTRY_BYTES + JSON.stringify(principal).length;
}
