import { type CompactJWSHeaderParameters, type CryptoKey, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose';
import { HeimdallError } from '../errors.ts';
import { createBackOff, retryAfterSeconds } from './back-off.ts';

/** A key set is fetched again after this time, while the old one goes on being used. Milliseconds. */
const freshMs = 600_000;
/** A key set that could not be refreshed is trusted for this long. Milliseconds. */
const trustedMs = 86_400_000;
/** An unknown key id makes the set be fetched again at most this often. Milliseconds. */
const cooldownMs = 10_000;
/** When the issuer publishes keys that cannot be used, asking again makes sense after this time. Milliseconds. */
const repairMs = 30_000;

/** Finds the issuer's key for a token. */
export interface KeySource {
  /**
   * The public key that the header asks for.
   *
   * @throws HeimdallError `token_invalid` when the issuer has no such key, `unavailable` when the issuer cannot be asked
   */
  find(header: CompactJWSHeaderParameters): Promise<CryptoKey>;
  stats(): KeySourceStats;
}

/** Counters since the start. */
export interface KeySourceStats {
  readonly fetches: number;
  readonly failures: number;
  /** Milliseconds since the epoch of the last successful fetch. */
  readonly fetchedAt?: number;
}

/** Creates a key source that gets the set with `load` when it needs to. */
export function createKeySource(load: () => Promise<JSONWebKeySet>, now: () => number): KeySource {
  let keys: { lookup: ReturnType<typeof createLocalJWKSet>; fetchedAt: number } | undefined;
  let failure: unknown;
  const backOff = createBackOff(now, 1);
  let pending: Promise<void> | undefined;
  const count = { fetches: 0, failures: 0 };

  async function fetchKeys(): Promise<void> {
    count.fetches += 1;
    try {
      keys = { lookup: createLocalJWKSet(await load()), fetchedAt: now() };
      backOff.succeeded();
    } catch (cause) {
      count.failures += 1;
      failure = cause;
      throw unavailable(cause, backOff.failed());
    }
  }

  /** One fetch at a time, and none while the issuer is given time to recover. */
  function refresh(): Promise<void> {
    if (pending) return pending;
    const waitMs = backOff.remainingMs();
    if (waitMs > 0) return Promise.reject(unavailable(failure, waitMs));
    pending = fetchKeys().finally(() => {
      pending = undefined;
    });
    return pending;
  }

  async function current(): Promise<NonNullable<typeof keys>> {
    const age = keys ? now() - keys.fetchedAt : Number.POSITIVE_INFINITY;
    if (age >= trustedMs) await refresh();
    else if (age >= freshMs) refresh().catch(() => undefined);
    if (!keys) throw new HeimdallError('unavailable', 'The keys of the issuer are not known.');
    return keys;
  }

  return {
    async find(header) {
      const known = await current();
      try {
        return await lookUp(known.lookup, header);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw rejection(error);
      }
      if (now() - known.fetchedAt >= cooldownMs) await refresh();
      try {
        return await lookUp((await current()).lookup, header);
      } catch (error) {
        throw rejection(error);
      }
    },
    stats: () => ({ ...count, ...(keys && { fetchedAt: keys.fetchedAt }) }),
  };
}

/** Only what names a key is passed on: a key inside the token, or a place to get one from, is never looked at. */
function lookUp(
  lookup: ReturnType<typeof createLocalJWKSet>,
  { alg, kid }: CompactJWSHeaderParameters,
): Promise<CryptoKey> {
  return lookup(kid === undefined ? { alg } : { alg, kid });
}

function rejection(cause: unknown): HeimdallError {
  if (cause instanceof errors.JWKSNoMatchingKey) {
    return new HeimdallError('token_invalid', 'The issuer has no key for this access token ("kid", "alg").', { cause });
  }
  if (cause instanceof errors.JWKSMultipleMatchingKeys) {
    return new HeimdallError('token_invalid', 'The access token does not say which of the keys signed it ("kid").', {
      cause,
    });
  }
  if (cause instanceof HeimdallError) return cause;
  return unavailable(cause, repairMs);
}

function unavailable(cause: unknown, waitMs: number): HeimdallError {
  const message = cause instanceof HeimdallError ? cause.message : 'The keys of the issuer cannot be used.';
  return new HeimdallError('unavailable', message, { cause, retryAfterSeconds: retryAfterSeconds(waitMs) });
}
