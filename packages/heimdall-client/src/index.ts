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
export type {
  ClientAuthentication,
  IntrospectionOptions,
  IssuerOptions,
  SignatureAlgorithm,
} from './issuer-options.ts';
export { type BackChannelLogoutOptions, createBackChannelLogout, type LogoutHandler } from './logout/back-channel.ts';
export type { RevocationOptions, TokenCacheOptions, TokenVerifierOptions } from './options.ts';
export {
  type Organization,
  type Principal,
  parseOrganizations,
  parsePrincipal,
  parseScopes,
  type Roles,
} from './principal.ts';
export type { NewRevocation } from './revocation/desk.ts';
export {
  createMemoryRevocationBus,
  formatRevocation,
  parseRevocation,
  type Revocation,
  type RevocationBus,
  type RevocationListener,
} from './revocation/revocation.ts';
export {
  createTenantDirectory,
  type FindTenant,
  type Tenant,
  type TenantDirectory,
  type TenantDirectoryOptions,
} from './tenant/directory.ts';
export { parseHost } from './tenant/host.ts';
export { createTokenVerifier, type RevocableVerifier, type TokenVerifier, type VerifierStats } from './verifier.ts';
