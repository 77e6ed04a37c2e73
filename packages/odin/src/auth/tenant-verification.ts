import type { Tenant, TokenVerifierOptions } from '@asgard/heimdall-client';
import { OdinError } from '../errors.ts';

/** What the tenant and the server say, whatever a verification has: else a token of one tenant could count at another. */
const FIXED = ['issuer', 'audience', 'dpop', 'revocations'] as const;

/**
 * How the tokens of one tenant are verified, in the words of `createTokenVerifier`: `introspection`, `jwksUri`, `algorithms`, `claimNames` and so on. Whose
 * tokens, for which resource, with which proofs and until which sign-out is not in it: that is the tenant's, and the server's.
 */
export type TenantVerification = Omit<TokenVerifierOptions, (typeof FIXED)[number]>;

/** Says how the tokens of a tenant are verified; `undefined`: as by default. */
export type FindTenantVerification = (
  tenant: Tenant,
) => TenantVerification | undefined | Promise<TenantVerification | undefined>;

/**
 * @internal
 * @throws OdinError `bad_option`, and whatever finding throws
 */
export async function findVerification(
  find: FindTenantVerification | undefined,
  tenant: Tenant,
): Promise<TenantVerification | undefined> {
  const verification = await find?.(tenant);
  const fixed = FIXED.find((name) => verification && name in verification);
  if (fixed === undefined) return verification;
  throw new OdinError('bad_option', `auth.tenantVerification: must leave out ${fixed}, which Odin fills in itself.`);
}
