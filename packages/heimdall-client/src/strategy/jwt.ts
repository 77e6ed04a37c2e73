import { type CompactVerifyResult, compactVerify, errors } from 'jose';
import { verifyClaims, verifyIssuerAndExpiry, verifyType } from '../claims.ts';
import { parseCompact, parsePart } from '../compact.ts';
import { HeimdallError } from '../errors.ts';
import type { KeySource } from '../issuer/keys.ts';
import type { SignatureAlgorithm, VerifierPolicy } from '../options.ts';
import type { TokenStrategy } from './strategy.ts';

/**
 * Verifies signed JWT access tokens locally, with the issuer's public keys (RFC 9068 section 4). Garbage causes neither a request
 * nor cryptography.
 */
export function createJwtStrategy(
  policy: Pick<VerifierPolicy, 'rules' | 'algorithms' | 'now'>,
  keys: KeySource,
): TokenStrategy {
  const algorithms = [...policy.algorithms];
  return {
    inspect(token) {
      const { header, claims } = parseCompact(token);
      if (!algorithms.includes(header.alg as SignatureAlgorithm)) {
        throw new HeimdallError('token_invalid', 'The access token is signed with an algorithm that is not accepted.');
      }
      verifyIssuerAndExpiry(claims, policy.rules, policy.now() / 1000);
      verifyType(header, claims);
    },
    async verify(token) {
      const { payload, protectedHeader } = await verifySignature(token, algorithms, keys);
      const claims = parsePart(payload);
      verifyType({ ...protectedHeader }, claims);
      verifyClaims(claims, policy.rules, policy.now() / 1000);
      return claims;
    },
  };
}

async function verifySignature(token: string, algorithms: string[], keys: KeySource): Promise<CompactVerifyResult> {
  try {
    return await compactVerify(token, (header) => keys.find(header), { algorithms });
  } catch (error) {
    if (error instanceof HeimdallError) throw error;
    const isForged = error instanceof errors.JWSSignatureVerificationFailed;
    const message = isForged ? 'The signature of the access token is wrong.' : 'The access token cannot be verified.';
    throw new HeimdallError('token_invalid', message, { cause: error });
  }
}
