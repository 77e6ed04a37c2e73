import { LRUCache } from 'lru-cache';
import type { VerifierPolicy } from '../options.ts';
import type { Principal } from '../principal.ts';

/** Remembers whom a verified token belongs to. Holds a digest of the token, never the token. */
export interface TokenCache {
  /** The key of a token under this policy. */
  keyOf(token: string): string;
  /** The principal behind a key, unless it is unknown, was verified too long ago, or its token is over. */
  read(key: string): Principal | undefined;
  /** Remembers a verified principal; does nothing when the token is about to expire. */
  write(key: string, principal: Principal, tokenLength: number): void;
  stats(): TokenCacheStats;
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
}

/** Creates the cache of one policy. */
export function createTokenCache(policy: Pick<VerifierPolicy, 'id' | 'rules' | 'cache' | 'hash' | 'now'>): TokenCache {
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

  return {
    keyOf: (token) => prefix + hash(token),
    read(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (now() < entry.staleAt) return entry.principal;
      entries.delete(key);
      return undefined;
    },
    write(key, principal, tokenLength) {
      const at = now();
      const end = (principal.expiresAt - policy.rules.clockToleranceSeconds) * 1000;
      const staleAt = Math.min(end, at + policy.cache.maxTtlMs);
      if (staleAt > at) entries.set(key, { principal, staleAt }, { size: tokenLength });
    },
    stats: () => ({ entries: entries.size, evicted }),
  };
}
