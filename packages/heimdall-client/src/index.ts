export { canonicalAudience } from './audience.ts';
export type { TokenCacheStats } from './cache/token-cache.ts';
export {
  HeimdallError,
  type HeimdallErrorCode,
  type HeimdallErrorOptions,
  type HeimdallErrorStatus,
  isHeimdallError,
} from './errors.ts';
export { type Sha256, systemSha256 } from './hash.ts';
export { metadataUrls } from './issuer/discovery.ts';
export type { KeySourceStats } from './issuer/keys.ts';
export type { SignatureAlgorithm, TokenCacheOptions, TokenVerifierOptions } from './options.ts';
export {
  type Organization,
  type Principal,
  parseOrganizations,
  parsePrincipal,
  parseScopes,
  type Roles,
} from './principal.ts';
export { createTokenVerifier, type TokenVerifier, type VerifierStats } from './verifier.ts';
