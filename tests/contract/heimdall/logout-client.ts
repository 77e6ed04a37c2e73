import { readMetadata } from '../../../packages/devstack/src/heimdall/oauth-client.ts';

export interface LogoutClient {
  readonly redirectUri: string;
  /** Where the issuer says that somebody has signed out. */
  readonly logoutUri: string;
}

/** Registers a client that wants to hear of sign-outs (OpenID Connect Back-Channel Logout 1.0 section 2.2). @returns its id */
export async function registerLogoutClient(issuer: string, { redirectUri, logoutUri }: LogoutClient): Promise<string> {
  const { registration_endpoint = '' } = await readMetadata(issuer, fetch);
  const response = await fetch(registration_endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ redirect_uris: [redirectUri], application_type: 'native', token_endpoint_auth_method: 'none' },
      ...{ grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
      ...{ backchannel_logout_uri: logoutUri, backchannel_logout_session_required: true },
    }),
  });
  return ((await response.json()) as { client_id: string }).client_id;
}
