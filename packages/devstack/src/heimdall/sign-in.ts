import { randomBytes } from 'node:crypto';
import { createBrowser, type ScriptedBrowser, textOf, type Visit } from './browser.ts';
import { createPkce, failed, readMetadata, registerClient, requestToken, type SignedIn } from './oauth-client.ts';

/** Name, password, consent. */
const maxLoginPages = 3;

const defaultRedirectUri = 'http://127.0.0.1:1/callback';

/** Options of `signIn`. */
export interface SignInOptions {
  /** The issuer identifier, as clients see it. */
  readonly issuer: string;
  /** Name of the user to be. */
  readonly user: string;
  /** @default the name of the user, as for the stand-in's own users */
  readonly password?: string;
  /** The resource that the token is for (RFC 8707). @default none: the issuer decides */
  readonly resource?: string;
  /** Space separated. @default none: the issuer decides */
  readonly scope?: string;
  /** A registered public client. @default a client registered for this sign-in */
  readonly clientId?: string;
  /** Of that client; nothing has to listen there. @default 'http://127.0.0.1:1/callback' */
  readonly redirectUri?: string;
  /** @default globalThis.fetch */
  readonly fetch?: typeof fetch;
}

/**
 * Signs a user in without a browser: authorization code with PKCE, through the login form of the stand-in or of Keycloak. For tests and for the
 * command line.
 *
 * @throws DevstackError `sign_in_failed`
 */
export function signIn(options: SignInOptions): Promise<SignedIn> {
  return signInWith(createBrowser(options.redirectUri ?? defaultRedirectUri, options.fetch ?? fetch), options);
}

/** The same in a browser that goes on living, and that stops at the redirect URI. */
export async function signInWith(browser: ScriptedBrowser, options: SignInOptions): Promise<SignedIn> {
  const fetcher = options.fetch ?? fetch;
  const redirectUri = options.redirectUri ?? defaultRedirectUri;
  const metadata = await readMetadata(options.issuer, fetcher);
  const clientId = options.clientId ?? (await registerClient(metadata.registration_endpoint, redirectUri, fetcher));
  const pkce = createPkce();
  const state = randomBytes(16).toString('base64url');
  const resource = options.resource === undefined ? {} : { resource: options.resource };

  const request = new URL(metadata.authorization_endpoint);
  const parameters = {
    ...{ response_type: 'code', client_id: clientId, redirect_uri: redirectUri, state, ...resource },
    ...{ code_challenge: pkce.challenge, code_challenge_method: 'S256' },
    ...(options.scope !== undefined && { scope: options.scope }),
  };
  for (const [name, value] of Object.entries(parameters)) request.searchParams.set(name, value);

  const visit = await clickThrough(browser, request.href, options);
  const code = codeOf(visit, { state, issuer: metadata.issuer });
  return requestToken(
    metadata.token_endpoint,
    {
      ...{ grant_type: 'authorization_code', code, redirect_uri: redirectUri, client_id: clientId, ...resource },
      code_verifier: pkce.verifier,
    },
    fetcher,
  );
}

/**
 * Fills in what the issuer asks for: the stand-in wants one click, Keycloak name and password on one page or two, and consent on a page of
 * its own. A password is sent once: an issuer that counts wrong ones locks the user out.
 */
export async function clickThrough(
  browser: ScriptedBrowser,
  url: string,
  { user, password = user }: Pick<SignInOptions, 'user' | 'password'>,
): Promise<Visit> {
  let visit = await browser.open(url);
  let isPasswordSent = false;
  for (let pages = 0; pages < maxLoginPages && 'page' in visit; pages += 1) {
    const { html } = visit.page;
    if (/<input\b[^>]*\bname="(?:username|password)"/.test(html)) {
      if (isPasswordSent) break;
      isPasswordSent = /<input\b[^>]*\bname="password"/.test(html);
      visit = await browser.submit(visit.page, { username: user, password });
    } else if (/<(?:input|button)\b[^>]*\bname="accept"/.test(html)) {
      visit = await browser.submit(visit.page, { accept: 'Yes' });
    } else break;
  }
  return visit;
}

/** Reads the authorization response, which must be the answer to this request and come from this issuer (RFC 9207). */
function codeOf(visit: Visit, expected: { state: string; issuer: string }): string {
  if ('page' in visit) throw failed(`the issuer says (status ${visit.page.status}): ${textOf(visit.page.html)}`);
  const answer = visit.arrived.searchParams;
  const error = answer.get('error');
  if (error !== null) throw failed(`${error}: ${answer.get('error_description') ?? 'no reason given'}`);
  if (answer.get('state') !== expected.state) throw failed('the answer belongs to another request ("state").');
  if (answer.get('iss') !== expected.issuer) throw failed('the answer comes from another issuer ("iss").');
  return answer.get('code') ?? '';
}
