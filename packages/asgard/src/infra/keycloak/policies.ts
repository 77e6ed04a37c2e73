import type { ClientPolicy, ClientProfile } from './representation.ts';

/** Scope of the clients that may get tokens without a user. A client that registers itself cannot have it. */
export const SERVICE_SCOPE = 'service';

/** Grants for which a client must have the scope. */
const SERVICE_GRANTS = ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'];

/** With these a token goes to another machine than the one that the user sits at, or the password goes through the client. */
const REFUSED_GRANTS = [
  'password',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
];

/** Addresses that Keycloak itself would ask, so that a stranger could make it ask servers of the inner networks. */
const ASKED_URIS = [
  'adminUrl',
  'backchannelLogoutUrl',
  'cibaClientNotificationEndpoint',
  'jwksUri',
  'requestUris',
  'sectorIdentifierUri',
];

/** What is done with clients, by the name of the policy that says with which. */
export const CLIENT_PROFILES: readonly ClientProfile[] = [
  {
    name: 'every-client',
    description: 'PKCE with S256 (OAuth 2.1 section 4.1.1), and no grant that hands out passwords or tokens in URLs',
    executors: [
      { executor: 'pkce-enforcer', configuration: { 'auto-configure': true } },
      { executor: 'reject-ropc-grant', configuration: { 'auto-configure': true } },
      { executor: 'reject-implicit-grant', configuration: { 'auto-configure': true } },
    ],
  },
  {
    name: 'refused',
    description: 'Nothing',
    executors: [{ executor: 'reject-request', configuration: {} }],
  },
  {
    name: 'registered',
    description: 'Only what an MCP client needs that signs a user in',
    executors: [
      { executor: 'consent-required', configuration: { 'auto-configure': true } },
      { executor: 'full-scope-disabled', configuration: { 'auto-configure': true } },
      {
        executor: 'secure-client-authenticator',
        configuration: {
          'allowed-client-authenticators': ['none', 'client-secret'],
          'default-client-authenticator': 'client-secret',
        },
      },
      // Without a pattern none is allowed.
      {
        executor: 'secure-client-uris-pattern',
        configuration: { 'allowed-patterns': [], 'client-uri-fields': ASKED_URIS },
      },
    ],
  },
];

export const CLIENT_POLICIES: readonly ClientPolicy[] = [
  policy('every-client', 'every-client', { 'any-client': {} }),
  policy('refused-grants', 'refused', { 'grant-type': { grant_types: REFUSED_GRANTS } }),
  {
    ...policy('tokens-without-a-user', 'refused', {
      'grant-type': { grant_types: SERVICE_GRANTS },
      'client-scopes': { type: 'Default', scopes: [SERVICE_SCOPE], 'is-negative-logic': true },
    }),
    // Otherwise a condition that has no opinion of an event counts as fulfilled.
    mode: 'STRICT',
  },
  policy('registered-clients', 'registered', {
    'client-updater-context': { 'update-client-source': ['ByAnonymous', 'ByRegistrationAccessToken'] },
  }),
];

/** All conditions must hold. */
function policy(
  name: string,
  profile: string,
  conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): ClientPolicy {
  return {
    name,
    description: `Leads to the profile ${profile}`,
    enabled: true,
    conditions: Object.entries(conditions).map(([condition, configuration]) => ({ condition, configuration })),
    profiles: [profile],
  };
}
