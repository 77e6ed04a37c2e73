import { badOption, secureUrl } from '../option-rules.ts';

/** What a client says about itself in its own document. */
export interface ClientDocumentOptions {
  /** Where the document will be: the client's id. With a path, without query, user or fragment; https, or loopback for development. */
  readonly url: string;
  /** What the client is called, for people. */
  readonly name: string;
  /** Where the browser may come back to, exactly. */
  readonly redirectUris: readonly string[];
  /** Space separated. @default none: the issuer decides */
  readonly scope?: string;
  /** Page about the client. @default none */
  readonly clientUri?: string;
  /** Public keys of a client that proves who it is with `private_key_jwt`. @default none: a public client */
  readonly jwksUri?: string;
}

/**
 * Makes the document that stands for a client that no issuer has registered (OAuth Client ID Metadata Document; MCP authorization, "Client ID
 * Metadata Documents"). `withClientDocument` serves it; else serve it at its own URL as `application/json`.
 *
 * @throws HeimdallError `bad_option`
 */
export function formatClientDocument(options: ClientDocumentOptions): Readonly<Record<string, unknown>> {
  const { url, name, redirectUris, scope, clientUri, jwksUri } = options;
  secureUrl('url', url, false);
  const { pathname, search, href } = new URL(url);
  // Issuers compare the text: another spelling of the same place would be another client.
  if (pathname === '/' || search !== '' || href !== url) {
    throw badOption('url', 'must have a path and no query, and be written in its normal form');
  }
  if (typeof name !== 'string' || name === '') throw badOption('name', 'must say what the client is called');
  if (!Array.isArray(redirectUris) || redirectUris.length === 0) {
    throw badOption('redirectUris', 'must name at least one URL');
  }
  for (const uri of redirectUris) secureUrl('redirectUris', uri, false);
  return Object.freeze({
    ...{ client_id: url, client_name: name, redirect_uris: [...redirectUris] },
    ...{ grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
    token_endpoint_auth_method: jwksUri === undefined ? 'none' : 'private_key_jwt',
    ...(scope !== undefined && { scope }),
    ...(clientUri !== undefined && { client_uri: secureUrl('clientUri', clientUri, false) }),
    ...(jwksUri !== undefined && { jwks_uri: secureUrl('jwksUri', jwksUri, false) }),
  });
}
