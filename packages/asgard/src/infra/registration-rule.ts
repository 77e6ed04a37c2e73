/** What passes of the JSON object that a request brings. */
export interface BodyRule {
  /** Members that pass; the others are dropped. */
  readonly members: readonly string[];
  /** The values that a member may have. Of a list the others are dropped; a single one that is not here, or a list of which nothing is left, is refused. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly maxBytes: number;
}

/**
 * What anybody may say of a client of theirs (RFC 7591 section 2, RFC 7592 section 2.2). What is not here is not for strangers: addresses that the
 * issuer fetches (`jwks_uri`, `request_uris`, `sector_identifier_uri`, `backchannel_logout_uri`) lead into the network behind it, and `scope` would
 * pin a client to what it asked for first, so that no further consent could ever give it more.
 */
export const REGISTRATION_RULE: BodyRule = {
  members: [
    'application_type',
    'client_id',
    'client_name',
    'client_secret',
    'client_uri',
    'contacts',
    'dpop_bound_access_tokens',
    'grant_types',
    'logo_uri',
    'policy_uri',
    'post_logout_redirect_uris',
    'redirect_uris',
    'response_types',
    'software_id',
    'software_version',
    'token_endpoint_auth_method',
    'tos_uri',
  ],
  values: {
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: ['none', 'client_secret_basic', 'client_secret_post'],
  },
  maxBytes: 16 * 1024,
};
