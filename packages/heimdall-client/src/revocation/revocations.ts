import type { Principal } from '../principal.ts';
import type { Revocation } from './revocation.ts';

/** Knows which tokens are void. */
export interface Revocations {
  add(revocation: Revocation): void;
  isRevoked(principal: Principal): boolean;
  /** Grows with every revocation, so that a reader knows when to look again. */
  readonly version: number;
  /** Revocations that are remembered. */
  readonly size: number;
}

/** What the memory needs. */
export interface RevocationsOptions {
  readonly maxEntries: number;
  readonly retentionMs: number;
  readonly now: () => number;
}

interface Tombstone {
  /** Tokens issued after this second are not meant. */
  readonly issuedBefore: number;
  readonly issuer: string;
  readonly forgetAt: number;
}

/**
 * Creates the memory for revocations. It never forgets one too early to save space: when it is full, the oldest one is widened to
 * all tokens that the issuer had issued by then, whose holders then have to get new ones.
 */
export function createRevocations({ maxEntries, retentionMs, now }: RevocationsOptions): Revocations {
  /** In the order of `forgetAt`. */
  const tombstones = new Map<string, Tombstone>();
  let version = 0;

  function put(key: string, tombstone: Tombstone): void {
    const known = tombstones.get(key) ?? tombstone;
    tombstones.delete(key);
    tombstones.set(key, {
      issuer: tombstone.issuer,
      issuedBefore: Math.max(known.issuedBefore, tombstone.issuedBefore),
      forgetAt: Math.max(known.forgetAt, tombstone.forgetAt),
    });
  }

  function makeRoom(at: number): void {
    for (const [key, tombstone] of tombstones) {
      if (tombstone.forgetAt > at) break;
      tombstones.delete(key);
    }
    for (const [key, { issuer, forgetAt }] of tombstones) {
      if (tombstones.size <= maxEntries) break;
      if (key === keyOf(issuer, 'issuer')) continue;
      tombstones.delete(key);
      put(keyOf(issuer, 'issuer'), { issuer, forgetAt, issuedBefore: (forgetAt - retentionMs) / 1000 });
    }
  }

  function covers(key: string, issuedAt: number): boolean {
    const tombstone = tombstones.get(key);
    return tombstone !== undefined && tombstone.forgetAt > now() && issuedAt <= tombstone.issuedBefore;
  }

  return {
    add({ issuer, sessionId, subject, clientId, issuedBefore }) {
      const at = now();
      const tombstone = { issuer, forgetAt: at + retentionMs, issuedBefore };
      if (sessionId !== undefined) {
        put(keyOf(issuer, 'session', sessionId), { ...tombstone, issuedBefore: Number.POSITIVE_INFINITY });
      } else if (subject !== undefined) put(keyOf(issuer, 'subject', subject), tombstone);
      else if (clientId !== undefined) put(keyOf(issuer, 'client', clientId), tombstone);
      else put(keyOf(issuer, 'issuer'), tombstone);
      makeRoom(at);
      version += 1;
    },
    isRevoked({ issuer, sessionId, subject, clientId, issuedAt }) {
      if (tombstones.size === 0) return false;
      // A token that does not say when it was issued may be an old one.
      const issued = issuedAt ?? Number.NEGATIVE_INFINITY;
      return (
        (sessionId !== undefined && covers(keyOf(issuer, 'session', sessionId), issued)) ||
        covers(keyOf(issuer, 'subject', subject), issued) ||
        (clientId !== undefined && covers(keyOf(issuer, 'client', clientId), issued)) ||
        covers(keyOf(issuer, 'issuer'), issued)
      );
    },
    get version() {
      return version;
    },
    get size() {
      return tombstones.size;
    },
  };
}

function keyOf(issuer: string, kind: 'session' | 'subject' | 'client' | 'issuer', id = ''): string {
  return JSON.stringify([kind, issuer, id]);
}
