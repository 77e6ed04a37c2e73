import { type ClaimRules, verifyClaims, verifyIssuerAndExpiry, verifyType } from '../claims.ts';
import { parsePart } from '../compact.ts';
import { HeimdallError } from '../errors.ts';
import type { KeySource } from '../issuer/keys.ts';
import { verifySignature } from '../issuer/signature.ts';
import type { SignatureAlgorithm } from '../signature-algorithm.ts';
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
  const { rules, algorithms, keys, now, maxTtlMs } = options;
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
      const { header, payload } = await verifySignature(token, algorithms, keys);
      const claims = parsePart(payload);
      verifyType(header, claims);
      verifyClaims(claims, rules, now() / 1000);
      return claims;
    },
  };
}
