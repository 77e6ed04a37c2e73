import { type CompactVerifyResult, compactVerify, errors } from 'jose';
import { type ClaimRules, verifyClaims, verifyIssuerAndExpiry, verifyType } from '../claims.ts';
import { parsePart } from '../compact.ts';
import { HeimdallError } from '../errors.ts';
import type { KeySource } from '../issuer/keys.ts';
import type { SignatureAlgorithm } from '../issuer-options.ts';
import type { InspectingStrategy } from './strategy.ts';

/** What local verification needs. */
export interface JwtStrategyOptions {
  readonly rules: ClaimRules;
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly keys: KeySource;
  readonly now: () => number;
  readonly maxTtlMs: number;
}

/**
 * Verifies signed JWT access tokens locally, with the issuer's public keys (RFC 9068 section 4). What `inspect` refuses costs neither
 * a request nor cryptography.
 */
export function createJwtStrategy(options: JwtStrategyOptions): InspectingStrategy {
  const { rules, keys, now, maxTtlMs } = options;
  const algorithms = [...options.algorithms];
  return {
    maxTtlMs,
    inspect({ header, claims }) {
      if (!algorithms.includes(header.alg as SignatureAlgorithm)) {
        throw new HeimdallError('token_invalid', 'The access token is signed with an algorithm that is not accepted.');
      }
      verifyIssuerAndExpiry(claims, rules, now() / 1000);
      verifyType(header, claims);
    },
    async verify(token) {
      const { payload, protectedHeader } = await verifySignature(token, algorithms, keys);
      const claims = parsePart(payload);
      verifyType({ ...protectedHeader }, claims);
      verifyClaims(claims, rules, now() / 1000);
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
