import { jwtVerify } from 'jose';
import { GripError } from '../errors.ts';
import { parseVerifyKey, type VerifyKey } from './keys.ts';

/** Options of {@link createSigVerifier}. */
export interface SigVerifierOptions {
  /** Accepted keys, at least one; several while they are being changed. Text, `base64:`, JWK or PEM. */
  readonly keys: readonly string[];
  /** The issuer that a signature must name. @default any */
  readonly issuer?: string;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: () => number;
}

/** Tells whether a request came through a proxy that has one of the keys. */
export interface SigVerifier {
  /** `false` for a missing, forged, stale or foreign `Grip-Sig`. Never rejects: whatever goes wrong, the request is not proxied. */
  verify(token: string | null | undefined): Promise<boolean>;
  /** Rejects with a {@link GripError} `invalid_key` when a key cannot be used. For start-up checks. */
  ready(): Promise<void>;
}

const MAX_TOKEN_LENGTH = 4_096;
const CACHED_TOKENS = 16;

/**
 * Creates a verifier of `Grip-Sig`. A proxy signs with the same second's expiry again and again, so the last good tokens are
 * remembered until they expire.
 *
 * A signature proves the route, not the author: every request through the proxy carries one.
 * @throws {@link GripError} `bad_option` without keys, `invalid_key` for one in no known form or a short secret.
 */
export function createSigVerifier({ keys, issuer, now = Date.now }: SigVerifierOptions): SigVerifier {
  if (keys.length === 0) {
    throw new GripError(
      'bad_option',
      'createSigVerifier needs at least one key in `keys`; without any, no request is proxied',
      {
        field: 'keys',
      },
    );
  }
  const verifyKeys = keys.map(parseVerifyKey);
  const good = new Map<string, number>();

  return {
    async verify(token) {
      if (!token || token.length > MAX_TOKEN_LENGTH) return false;
      const known = good.get(token);
      if (known !== undefined && known > now()) return true;
      good.delete(token);
      const expiry = await findExpiry(token, verifyKeys, { issuer, now });
      if (expiry === undefined) return false;
      good.set(token, expiry);
      for (const [oldest] of good) {
        if (good.size <= CACHED_TOKENS) break;
        good.delete(oldest);
      }
      return true;
    },
    async ready() {
      await Promise.all(verifyKeys.map((key) => key.load()));
    },
  };
}

interface Expected {
  readonly issuer: string | undefined;
  readonly now: () => number;
}

/** The expiry in epoch milliseconds when one of the keys verifies the token. */
async function findExpiry(
  token: string,
  keys: readonly VerifyKey[],
  { issuer, now }: Expected,
): Promise<number | undefined> {
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, await key.load(), {
        algorithms: [key.algorithm],
        requiredClaims: ['exp'],
        currentDate: new Date(now()),
        ...(issuer === undefined ? {} : { issuer }),
      });
      if (payload.exp !== undefined) return payload.exp * 1_000;
    } catch {
      // Not this key. Whatever the reason, the answer to "is it proven?" stays no.
    }
  }
  return undefined;
}
