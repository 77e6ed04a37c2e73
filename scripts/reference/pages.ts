export interface ReferencePage {
  readonly path: string;
  readonly title: string;
  readonly intro: string;
  readonly interfaces: readonly { readonly file: string; readonly name: string }[];
}

const odin = (file: string, name: string) => ({ file: `packages/odin/src/${file}`, name });
const grip = (file: string, name: string) => ({ file: `packages/grip/src/${file}`, name });
const heimdall = (file: string, name: string) => ({ file: `packages/heimdall-client/src/${file}`, name });

/** Which options are documented where. */
export const REFERENCE_PAGES: readonly ReferencePage[] = [
  {
    path: 'docs/reference/odin-options.md',
    title: 'Options of @asgard/odin',
    intro: 'What a server, its tools, resources and prompts, and its entries take.',
    interfaces: [
      odin('options.ts', 'OdinServerOptions'),
      odin('auth/options.ts', 'AuthOptions'),
      odin('auth/options.ts', 'BackChannelLogoutOptions'),
      odin('auth/dpop.ts', 'DpopAuthOptions'),
      odin('auth/gateway.ts', 'GatewayAuthOptions'),
      odin('hermod/options.ts', 'HermodOptions'),
      odin('hermod/recovery.ts', 'HermodRecovery'),
      odin('http/options.ts', 'HttpOptions'),
      odin('legacy/options.ts', 'SessionOptions'),
      odin('define/common.ts', 'Described'),
      odin('define/tool.ts', 'ToolOptions'),
      odin('define/resource.ts', 'ResourceOptions'),
      odin('define/prompt.ts', 'PromptOptions'),
      odin('redis/options.ts', 'RedisClusterOptions'),
      odin('node.ts', 'ListenOptions'),
      odin('server.ts', 'CloseOptions'),
      odin('middleware/timeout.ts', 'TimeoutOptions'),
      odin('middleware/size-limit.ts', 'SizeLimitOptions'),
      odin('middleware/rate-limit.ts', 'RateLimitOptions'),
      odin('middleware/audit.ts', 'AuditOptions'),
    ],
  },
  {
    path: 'docs/reference/grip-options.md',
    title: 'Options of @asgard/grip',
    intro: 'What the hold engine and its publishers take.',
    interfaces: [
      grip('holds/options.ts', 'HoldsOptions'),
      grip('holds/lease.ts', 'RecoveryOptions'),
      grip('signature/verify.ts', 'SigVerifierOptions'),
      grip('zeromq/xpub.ts', 'XpubPublisherOptions'),
    ],
  },
  {
    path: 'docs/reference/heimdall-client-options.md',
    title: 'Options of @asgard/heimdall-client',
    intro:
      'What the token verifier, the gateway reader, the token exchange, the client registrar, the tenant directory and the administration of Keycloak take.',
    interfaces: [
      heimdall('options.ts', 'TokenVerifierOptions'),
      heimdall('options.ts', 'TokenCacheOptions'),
      heimdall('options.ts', 'RevocationOptions'),
      heimdall('issuer-options.ts', 'IssuerOptions'),
      heimdall('issuer-options.ts', 'IntrospectionOptions'),
      heimdall('issuer-options.ts', 'UserinfoOptions'),
      heimdall('claim-names.ts', 'ClaimNames'),
      heimdall('dpop/options.ts', 'DpopOptions'),
      heimdall('dpop/options.ts', 'DpopNonceOptions'),
      heimdall('gateway/options.ts', 'GatewayOptions'),
      heimdall('exchange/options.ts', 'TokenExchangeOptions'),
      heimdall('exchange/options.ts', 'ExchangeCacheOptions'),
      heimdall('registration/registrar.ts', 'ClientRegistrarOptions'),
      heimdall('registration/metadata-document.ts', 'ClientDocumentOptions'),
      heimdall('registration/document-route.ts', 'ClientDocumentRouteOptions'),
      heimdall('revocation/remembering-bus.ts', 'RememberingBusOptions'),
      heimdall('tenant/directory.ts', 'TenantDirectoryOptions'),
      heimdall('tenant/directory.ts', 'Tenant'),
      heimdall('admin/options.ts', 'KeycloakAdminOptions'),
      heimdall('admin/request.ts', 'PageOptions'),
      heimdall('admin/organizations.ts', 'NewOrganization'),
      heimdall('admin/clients.ts', 'NewKeycloakClient'),
      heimdall('admin/scopes.ts', 'NewKeycloakScope'),
      heimdall('admin/scopes.ts', 'ScopeOffer'),
    ],
  },
];
