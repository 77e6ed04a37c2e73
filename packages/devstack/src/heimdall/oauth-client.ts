import { createHash, randomBytes } from 'node:crypto';
import { DevstackError } from '../errors.ts';

/** The part of an issuer's metadata that a public client needs (RFC 8414 section 2). */
export interface IssuerMetadata {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly registration_endpoint?: string;
  readonly end_session_endpoint?: string;
}

/** What a sign-in ends with. */
export interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Only with the scope `openid`. */
  readonly idToken?: string;
  /** Lifetime of the access token, seconds. */
  readonly expiresIn: number;
}

/** A PKCE pair (RFC 7636, method S256). */
export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

export function createPkce(): Pkce {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** Reads the issuer's metadata below the issuer, and makes sure that it is the issuer's. */
export async function readMetadata(issuer: string, fetcher: typeof fetch): Promise<IssuerMetadata> {
  const metadata = await requestJson(`${issuer}/.well-known/openid-configuration`, { fetcher });
  if (metadata.issuer === issuer) return metadata as unknown as IssuerMetadata;
  throw failed(`${issuer} says that it is ${String(metadata.issuer)}.`);
}

/** Registers a public client (RFC 7591) and answers with its id. */
export async function registerClient(
  endpoint: string | undefined,
  redirectUri: string,
  fetcher: typeof fetch,
): Promise<string> {
  if (endpoint === undefined) throw failed('The issuer does not register clients. Pass the option "clientId".');
  const body = JSON.stringify({
    client_name: 'Asgard scripted sign-in',
    application_type: 'native',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  });
  const headers = { 'content-type': 'application/json' };
  const client = await requestJson(endpoint, { fetcher, init: { method: 'POST', headers, body } });
  return String(client.client_id);
}

/** Asks the token endpoint, with a code or with a refresh token. */
export async function requestToken(
  endpoint: string,
  parameters: Readonly<Record<string, string>>,
  fetcher: typeof fetch,
): Promise<SignedIn> {
  const init = { method: 'POST', body: new URLSearchParams(parameters) };
  const token = await requestJson(endpoint, { fetcher, init });
  return {
    accessToken: String(token.access_token),
    ...(typeof token.refresh_token === 'string' && { refreshToken: token.refresh_token }),
    ...(typeof token.id_token === 'string' && { idToken: token.id_token }),
    expiresIn: Number(token.expires_in),
  };
}

export function failed(reason: string, cause?: unknown): DevstackError {
  return new DevstackError('sign_in_failed', `Sign-in failed: ${reason}`, cause === undefined ? {} : { cause });
}

interface JsonRequest {
  readonly fetcher: typeof fetch;
  readonly init?: RequestInit;
}

async function requestJson(url: string, { fetcher, init = {} }: JsonRequest): Promise<Record<string, unknown>> {
  let response: Response;
  try {
    response = await fetcher(url, { redirect: 'error', ...init });
  } catch (cause) {
    throw failed(`${url} cannot be reached. Is the issuer running?`, cause);
  }
  const text = await response.text();
  if (!response.ok) throw failed(`${url} answers ${response.status}: ${text.slice(0, 300)}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw failed(`${url} does not answer with JSON.`, cause);
  }
}
