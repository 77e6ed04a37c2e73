import { HeimdallError } from '../errors.ts';
import { isJsonObject } from '../json.ts';

/**
 * Says that tokens are void although they have not expired. It covers the tokens of one session, else of one subject, else of one
 * client, else all of the issuer.
 */
export interface Revocation {
  readonly issuer: string;
  /** A login session that is over. Its tokens are void whenever they were issued. */
  readonly sessionId?: string;
  /** Tokens of this subject, issued no later than `issuedBefore`. */
  readonly subject?: string;
  /** Tokens of this client, issued no later than `issuedBefore`. */
  readonly clientId?: string;
  /** Seconds since the epoch, by the issuer's clock. */
  readonly issuedBefore: number;
}

/** Hears of a revocation. Must not throw. */
export type RevocationListener = (revocation: Revocation) => void;

/**
 * Hears that revocations from before a time cannot be known any more, whosever they are. All tokens that were issued by then (seconds since the epoch) are to
 * be held void. Must not throw.
 */
export type GapListener = (issuedBefore: number) => void;

/**
 * Carries revocations between replicas. An implementation must not filter, and must not deliver what it did not get from a publisher.
 * It may lose what is published while it is disconnected: the tokens then live until they expire. One that keeps what was published and
 * had to drop some of it says so.
 */
export interface RevocationBus {
  /** Resolves when the bus has taken it. */
  publish(revocation: Revocation): Promise<void>;
  /** Delivers every revocation from now on, the own ones as well. The function returned stops it. */
  subscribe(listener: RevocationListener, onGap?: GapListener): () => void;
}

/** A bus within one process: for several verifiers, or tests. */
export function createMemoryRevocationBus(): RevocationBus {
  const listeners = new Set<RevocationListener>();
  return {
    async publish(revocation) {
      for (const listener of listeners) listener(revocation);
    },
    subscribe(listener) {
      // A function of its own for each subscription: one listener may subscribe twice.
      const entry: RevocationListener = (revocation) => listener(revocation);
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
  };
}

/** Writes a revocation as one line of JSON. */
export function formatRevocation(revocation: Revocation): string {
  const { issuer, sessionId, subject, clientId, issuedBefore } = revocation;
  return JSON.stringify({ issuer, sessionId, subject, clientId, issuedBefore });
}

/**
 * Reads what `formatRevocation` wrote.
 *
 * @throws HeimdallError `bad_revocation`
 */
export function parseRevocation(text: string): Revocation {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HeimdallError('bad_revocation', 'A revocation is not JSON.', { cause });
  }
  if (!isJsonObject(value) || typeof value.issuer !== 'string' || typeof value.issuedBefore !== 'number') {
    throw new HeimdallError('bad_revocation', 'A revocation must have "issuer" and "issuedBefore".');
  }
  const { issuer, sessionId, subject, clientId, issuedBefore } = value;
  for (const id of [sessionId, subject, clientId]) {
    // An id that cannot be read must not widen the revocation to all tokens of the issuer.
    if (id === undefined || (typeof id === 'string' && id !== '')) continue;
    throw new HeimdallError('bad_revocation', 'A revocation may name sessionId, subject and clientId only as text.');
  }
  return {
    ...{ issuer, issuedBefore },
    ...(typeof sessionId === 'string' && { sessionId }),
    ...(typeof subject === 'string' && { subject }),
    ...(typeof clientId === 'string' && { clientId }),
  };
}
