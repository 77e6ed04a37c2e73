import { type CompactJWSHeaderParameters, compactVerify, errors } from 'jose';
import { HeimdallError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { SignatureAlgorithm } from '../signature-algorithm.ts';
import type { KeySource } from './keys.ts';

/** What a good signature covers. */
export interface SignedParts {
  readonly header: JsonObject;
  readonly payload: Uint8Array;
}

/**
 * Checks the signature of a compact JWS with the issuer's key (RFC 7515 section 5.2).
 *
 * @throws HeimdallError `token_invalid`, or `unavailable` when the key cannot be had
 */
export async function verifySignature(
  token: string,
  algorithms: readonly SignatureAlgorithm[],
  keys: KeySource,
): Promise<SignedParts> {
  try {
    const find = (header: CompactJWSHeaderParameters) => keys.find(header);
    const { protectedHeader, payload } = await compactVerify(token, find, { algorithms: [...algorithms] });
    return { header: { ...protectedHeader }, payload };
  } catch (error) {
    if (error instanceof HeimdallError) throw error;
    const isForged = error instanceof errors.JWSSignatureVerificationFailed;
    throw new HeimdallError(
      'token_invalid',
      isForged ? 'The signature is wrong.' : 'The signature cannot be checked.',
      {
        cause: error,
      },
    );
  }
}
