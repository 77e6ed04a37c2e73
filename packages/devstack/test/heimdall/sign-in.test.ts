import { expect, test } from 'vitest';
import { createBrowser } from '../../src/heimdall/browser.ts';
import { clickThrough, signIn } from '../../src/heimdall/sign-in.ts';

const issuer = 'http://localhost:7999/heimdall/realms/asgard';

/** An issuer that shows a form and then answers as told; what it answers is made from the request it was sent. */
function createIssuer(answer: (request: URLSearchParams) => Record<string, string>) {
  const tokenRequests: URLSearchParams[] = [];
  let request = new URLSearchParams();
  const fetcher: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    switch (url.href.slice(issuer.length).split('?')[0]) {
      case '/.well-known/openid-configuration':
        return Response.json({
          ...{ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` },
          registration_endpoint: `${issuer}/reg`,
        });
      case '/reg':
        return Response.json({ client_id: 'registered' }, { status: 201 });
      case '/auth':
        request = url.searchParams;
        return new Response('<form action="/form"><input name="username"></form>');
      case '/token':
        tokenRequests.push(new URLSearchParams(String(init?.body)));
        return Response.json({ access_token: 'a', expires_in: 300 });
      default: {
        const location = new URL(request.get('redirect_uri') ?? '');
        location.search = String(new URLSearchParams(answer(request)));
        return new Response(null, { status: 303, headers: { location: location.href } });
      }
    }
  };
  return { fetcher, tokenRequests, request: () => request };
}

const honest = (request: URLSearchParams) => ({ code: 'c', state: request.get('state') ?? '', iss: issuer });

test('asks with PKCE, state and resource, and repeats the resource at the token endpoint', async () => {
  const { fetcher, tokenRequests, request } = createIssuer(honest);
  const resource = 'http://localhost:7999/mcp';
  const token = await signIn({ issuer, user: 'freya', resource, scope: 'mcp:tools', fetch: fetcher });
  expect(token).toEqual({ accessToken: 'a', expiresIn: 300 });
  expect(Object.fromEntries(request())).toMatchObject({
    ...{ response_type: 'code', client_id: 'registered', resource, scope: 'mcp:tools', code_challenge_method: 'S256' },
    redirect_uri: 'http://127.0.0.1:1/callback',
  });
  expect(Object.fromEntries(tokenRequests[0] ?? [])).toEqual({
    ...{ grant_type: 'authorization_code', code: 'c', client_id: 'registered', resource },
    redirect_uri: 'http://127.0.0.1:1/callback',
    code_verifier: expect.stringMatching(/^[\w-]{43}$/),
  });
});

test('uses the client it is given', async () => {
  const { fetcher, request } = createIssuer(honest);
  await signIn({ issuer, user: 'freya', clientId: 'mine', redirectUri: 'http://127.0.0.1:2/x', fetch: fetcher });
  expect(Object.fromEntries(request())).toMatchObject({ client_id: 'mine', redirect_uri: 'http://127.0.0.1:2/x' });
  expect(request().has('resource')).toBe(false);
});

test.each<[string, (request: URLSearchParams) => Record<string, string>, RegExp]>([
  ['another request', (request) => ({ ...honest(request), state: 'other' }), /"state"/],
  ['another issuer', (request) => ({ ...honest(request), iss: 'http://evil.example' }), /"iss"/],
  ['an unnamed issuer', (request) => ({ code: 'c', state: request.get('state') ?? '' }), /"iss"/],
  ['an error', () => ({ error: 'access_denied', error_description: 'No.' }), /access_denied: No\./],
])('takes no answer of %s', async (_name, answer, message) => {
  const { fetcher, tokenRequests } = createIssuer(answer);
  await expect(signIn({ issuer, user: 'freya', fetch: fetcher })).rejects.toThrow(message);
  expect(tokenRequests).toEqual([]);
});

test('fills in name, password and consent on pages of their own, as Keycloak has them, and then gives up', async () => {
  const pages = [
    '<form action="/login?1"><input name="username"></form>',
    '<form action="/login?2"><input type="password" name="password"></form>',
    '<form action="/consent"><button name="accept" value="Yes">Yes</button></form>',
  ];
  const sent: string[] = [];
  const site = (rest: string[]): typeof fetch => {
    const queue = [...rest];
    return async (_input, init) => {
      if (init?.body) sent.push(String(init.body));
      const page = queue.shift();
      if (page !== undefined) return new Response(page);
      return new Response(null, { status: 303, headers: { location: 'http://127.0.0.1:1/callback?code=c' } });
    };
  };
  const walk = (rest: string[]) =>
    clickThrough(createBrowser('http://127.0.0.1:1/callback', site(rest)), 'http://localhost:7999/auth', {
      user: 'freya',
    });
  expect(await walk(pages)).toEqual({ arrived: new URL('http://127.0.0.1:1/callback?code=c') });
  expect(sent).toEqual(['username=freya&password=freya', 'username=freya&password=freya', 'accept=Yes']);
  expect(await walk([...pages, ...pages])).toMatchObject({ page: { status: 200 } });
  sent.length = 0;
  const login = '<form action="/login"><input name="username"><input name="password"></form>';
  expect(await walk([login, login, login])).toMatchObject({ page: { html: login } });
  expect(sent, 'no wrong password is sent twice').toHaveLength(1);
  expect(await walk(['<p>No.</p>'])).toMatchObject({ page: { html: '<p>No.</p>' } });
});
