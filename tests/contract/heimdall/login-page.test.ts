import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBrowser, type ScriptedBrowser } from '../../../packages/devstack/src/heimdall/browser.ts';
import {
  createPkce,
  readMetadata,
  registerClient,
  requestToken,
} from '../../../packages/devstack/src/heimdall/oauth-client.ts';
import { startStandIn } from './stand-in.ts';
import type { IssuerUnderTest } from './token-issuer.ts';

const callback = 'http://127.0.0.1:1/callback';
let heimdall: IssuerUnderTest;

beforeAll(async () => {
  heimdall = await startStandIn('http://localhost:7999/mcp');
});
afterAll(() => heimdall?.close());

/** A client that has asked for a sign-in in the given browser. */
async function begin(browser: ScriptedBrowser) {
  const { authorization_endpoint, registration_endpoint, token_endpoint } = await readMetadata(heimdall.issuer, fetch);
  const clientId = await registerClient(registration_endpoint, callback, fetch);
  const { verifier, challenge } = createPkce();
  const url = new URL(authorization_endpoint);
  url.search = String(
    new URLSearchParams({
      ...{ response_type: 'code', client_id: clientId, redirect_uri: callback, scope: 'mcp:tools' },
      ...{ code_challenge: challenge, code_challenge_method: 'S256' },
    }),
  );
  const visit = await browser.open(url.href);
  if (!('page' in visit)) throw new Error('There is no login page.');
  const { page } = visit;
  return {
    page,
    async redeem(code: string | null) {
      const parameters = {
        ...{ grant_type: 'authorization_code', code: code ?? '', redirect_uri: callback, client_id: clientId },
        code_verifier: verifier,
      };
      const token = await requestToken(token_endpoint, parameters, fetch);
      const refresh = () =>
        requestToken(
          token_endpoint,
          { grant_type: 'refresh_token', refresh_token: token.refreshToken ?? '', client_id: clientId },
          fetch,
        );
      return { claims: decodeJwt(token.accessToken), refresh };
    },
    async click(username: string) {
      const done = await browser.submit(page, { username, password: username });
      if (!('arrived' in done)) throw new Error(done.page.html);
      return done.arrived.searchParams.get('code');
    },
  };
}

test('names the client, the resource, the scope and where it leads, and has a button for each user', async () => {
  const { page } = await begin(createBrowser(callback, fetch));
  for (const text of ['Asgard scripted sign-in', heimdall.resource, 'mcp:tools', callback, 'development only']) {
    expect(page.html).toContain(text);
  }
  expect(page.html).toContain('Sign in as freya (valhalla)');
  expect(page.html).toContain('Sign in as loki (jotunheim)');
});

test('is shown to the browser that asked, and to no other', async () => {
  const { page } = await begin(createBrowser(callback, fetch));
  const stranger = await createBrowser(callback, fetch).open(page.url.href);
  expect('page' in stranger && stranger.page.status).toBe(400);
  const forged = await fetch(page.url, {
    method: 'POST',
    body: new URLSearchParams({ username: 'freya', password: 'freya' }),
  });
  expect(forged.status).toBe(400);
});

test('two clients in one browser can be two users, and signing in as one does not sign out the other', async () => {
  const browser = createBrowser(callback, fetch);
  const first = await begin(browser);
  const freya = await first.redeem(await first.click('freya'));
  const second = await begin(browser);
  const loki = await second.redeem(await second.click('loki'));
  expect([freya.claims.preferred_username, loki.claims.preferred_username]).toEqual(['freya', 'loki']);
  expect(freya.claims.sid).not.toBe(loki.claims.sid);
  expect(decodeJwt((await freya.refresh()).accessToken).preferred_username).toBe('freya');
});

test('two tabs of one browser can both finish', async () => {
  const browser = createBrowser(callback, fetch);
  const [one, two] = [await begin(browser), await begin(browser)];
  const names = [await two.redeem(await two.click('loki')), await one.redeem(await one.click('freya'))];
  expect(names.map(({ claims }) => claims.preferred_username)).toEqual(['loki', 'freya']);
});

test('cancel tells the client', async () => {
  const browser = createBrowser(callback, fetch);
  const { page } = await begin(browser);
  const visit = await browser.submit(page, { cancel: 'yes' });
  expect('arrived' in visit && Object.fromEntries(visit.arrived.searchParams)).toMatchObject({
    error: 'access_denied',
    iss: heimdall.issuer,
  });
});

test('a wrong password shows the page again, a flood is refused', async () => {
  const browser = createBrowser(callback, fetch);
  const { page } = await begin(browser);
  const again = await browser.submit(page, { username: 'freya', password: 'loki' });
  expect('page' in again && [again.page.status, again.page.html.includes('role="alert"')]).toEqual([401, true]);
  const flood = await browser.submit(page, { username: 'x'.repeat(10_000) });
  expect('page' in flood && flood.page.status).toBe(413);
});

test('cannot be framed and loads nothing', async () => {
  let policy: string | null = null;
  const watching: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (String(input).includes('/login/')) policy = response.headers.get('content-security-policy');
    return response;
  };
  await begin(createBrowser(callback, watching));
  expect(policy).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
});

test('pages of this machine may register and get tokens, other pages may not', async () => {
  const { registration_endpoint = '', token_endpoint } = await readMetadata(heimdall.issuer, fetch);
  for (const endpoint of [registration_endpoint, token_endpoint]) {
    const preflight = await fetch(endpoint, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:6274', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('http://localhost:6274');
  }
  const foreign = await fetch(registration_endpoint, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example' },
  });
  expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
});

test('a service gets a token for itself', async () => {
  const { registration_endpoint = '', token_endpoint } = await readMetadata(heimdall.issuer, fetch);
  const registered = await fetch(registration_endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }),
  });
  const { client_id, client_secret } = (await registered.json()) as Record<string, string>;
  const parameters = { grant_type: 'client_credentials', scope: 'mcp:tools', resource: heimdall.resource };
  const response = await fetch(token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
    body: new URLSearchParams(parameters),
  });
  const { access_token } = (await response.json()) as Record<string, string>;
  expect(decodeJwt(access_token ?? '')).toMatchObject({ sub: client_id, aud: heimdall.resource, scope: 'mcp:tools' });
});
