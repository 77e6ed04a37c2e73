export { canonicalAudience } from './audience.ts';
export type { TokenCacheStats } from './cache/token-cache.ts';
export type { ClaimNames, ClaimNamesPolicy } from './claim-names.ts';
export type { ClientAuthentication } from './client-options.ts';
export type { DpopNonceOptions, DpopOptions } from './dpop/options.ts';
export type { ProvenRequest } from './dpop/proof.ts';
export type { ReplayStore } from './dpop/replay.ts';
export {
  HeimdallError,
  type HeimdallErrorCode,
  type HeimdallErrorOptions,
  type HeimdallErrorStatus,
  isHeimdallError,
} from './errors.ts';
export type { ExchangedToken } from './exchange/answer.ts';
export type { ExchangeCacheOptions, TokenExchangeOptions } from './exchange/options.ts';
export {
  createTokenExchange,
  type ExchangeRequest,
  type TokenExchange,
  type TokenExchangeStats,
} from './exchange/token-exchange.ts';
export { createGatewayReader, type GatewayReader, type GatewayRequest } from './gateway/gateway.ts';
export type { GatewayOptions, GatewayProof } from './gateway/options.ts';
export { formatGatewaySignature, type SignedParts } from './gateway/signature.ts';
export { type Sha256, systemSha256 } from './hash.ts';
export { metadataUrls } from './issuer/discovery.ts';
export type { KeySourceStats } from './issuer/keys.ts';
export type {
  IntrospectionOptions,
  IssuerOptions,
  UserinfoOptions,
} from './issuer-options.ts';
export { type BackChannelLogoutOptions, createBackChannelLogout, type LogoutHandler } from './logout/back-channel.ts';
export type { RevocationOptions, TokenCacheOptions, TokenVerifierOptions } from './options.ts';
export {
  type Actor,
  type Organization,
  type Principal,
  type PrincipalRules,
  parseOrganizations,
  parsePrincipal,
  parseScopes,
  type Roles,
} from './principal.ts';
export {
  type ClientDocumentRouteOptions,
  type WebHandler,
  withClientDocument,
} from './registration/document-route.ts';
export { type ClientDocumentOptions, formatClientDocument } from './registration/metadata-document.ts';
export {
  type ClientRegistrar,
  type ClientRegistrarOptions,
  createClientRegistrar,
  type RegisteredClient,
} from './registration/registrar.ts';
export { isCovered } from './revocation/covers.ts';
export type { NewRevocation } from './revocation/desk.ts';
export { createRememberingBus, type RememberingBus, type RememberingBusOptions } from './revocation/remembering-bus.ts';
export {
  createMemoryRevocationBus,
  formatRevocation,
  type GapListener,
  parseRevocation,
  type Revocation,
  type RevocationBus,
  type RevocationListener,
} from './revocation/revocation.ts';
export type { SignatureAlgorithm } from './signature-algorithm.ts';
export {
  createTenantDirectory,
  type FindTenant,
  type Tenant,
  type TenantDirectory,
  type TenantDirectoryOptions,
} from './tenant/directory.ts';
export { parseHost } from './tenant/host.ts';
export { createTokenVerifier, type RevocableVerifier, type TokenVerifier, type VerifierStats } from './verifier.ts';
