import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { expect, test } from 'vitest';
import { createEndpoint } from '../../src/heimdall/endpoint.ts';

const mount = '/heimdall/realms/asgard';

/** Sends one request through an endpoint whose provider and login page only note what reaches them. */
function send(request: { method?: string; url: string; headers?: Record<string, string> }, mountPath = mount) {
  const reached: string[] = [];
  const incoming = { method: 'GET', headers: {}, ...request } as unknown as IncomingMessage & { originalUrl?: string };
  const headers = new Map<string, string>();
  const answer = { status: 200, headers };
  const response = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    writeHead(status: number, more: Record<string, string> = {}) {
      answer.status = status;
      for (const [name, value] of Object.entries(more)) headers.set(name, value);
      return response;
    },
    end: () => undefined,
  };
  const provider = {
    proxy: false,
    callback: () => async (seen: typeof incoming) => reached.push(`provider ${seen.originalUrl} ${seen.url}`),
  };
  const login = async (seen: IncomingMessage) => void reached.push(`login ${seen.url}`);
  const issuer = new URL(`http://localhost:7999${mountPath}`);
  const endpoint = createEndpoint({ provider: provider as unknown as Provider, login, issuer, mountPath });
  endpoint(incoming, response as unknown as ServerResponse<IncomingMessage> & { req: IncomingMessage });
  return { reached, answer, incoming };
}

test('the provider sees a path below the issuer, and where that is', () => {
  expect(send({ url: `${mount}/protocol/openid-connect/token?a=1` }).reached).toEqual([
    `provider ${mount}/protocol/openid-connect/token?a=1 /protocol/openid-connect/token?a=1`,
  ]);
});

test('the public address is the configured one, whatever the request says', () => {
  const forged = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
  const { incoming } = send({ url: `${mount}/protocol/openid-connect/certs`, headers: forged });
  expect(incoming.headers).toMatchObject({ 'x-forwarded-host': 'localhost:7999', 'x-forwarded-proto': 'http' });
});

test.each([`/.well-known/oauth-authorization-server${mount}`, `/.well-known/openid-configuration${mount}`])(
  'serves metadata at the root form %s',
  (url) => {
    const wellKnown = url.slice(0, -mount.length);
    expect(send({ url }).reached).toEqual([`provider ${mount}${wellKnown} ${wellKnown}`]);
  },
);

test.each([
  ...['/', '/heimdall', mount, `${mount}x/protocol`, '/.well-known/openid-configuration'],
  ...['/.well-known/oauth-authorization-server/heimdall/realms/other', '/.well-known/other/heimdall/realms/asgard'],
])('there is nothing at %s', (url) => {
  const { reached, answer } = send({ url });
  expect(reached).toEqual([]);
  expect(answer.status).toBe(404);
});

test('an issuer without a path has its metadata at the root', () => {
  const { reached } = send({ url: '/.well-known/oauth-authorization-server' }, '');
  expect(reached).toEqual(['provider /.well-known/oauth-authorization-server /.well-known/oauth-authorization-server']);
});

test('the login page is not the business of the provider', () => {
  expect(send({ url: `${mount}/login/abc` }).reached).toEqual([`login ${mount}/login/abc`]);
});

test('every authorization starts without a session, and with a scope', () => {
  const auth = '/protocol/openid-connect/auth';
  const cookie = 'heimdall_session=1; heimdall_resume=2; heimdall_session.sig=3';
  const first = send({ url: `${mount}${auth}?client_id=c`, headers: { cookie } });
  expect(first.incoming).toMatchObject({
    url: `${auth}?client_id=c&scope=profile`,
    headers: { cookie: 'heimdall_resume=2' },
  });
  expect(send({ url: `${mount}${auth}?scope=a` }).incoming.url).toBe(`${auth}?scope=a`);
  const resumed = send({ url: `${mount}${auth}/abc`, headers: { cookie } });
  expect(resumed.incoming).toMatchObject({ url: `${auth}/abc`, headers: { cookie: 'heimdall_resume=2' } });
});

test.each([
  ['http://localhost:6274', 'http://localhost:6274'],
  ['http://127.0.0.1:1', 'http://127.0.0.1:1'],
  ['https://evil.example', undefined],
  ['http://localhost.evil.example', undefined],
  ['null', undefined],
])('a page of %s may register a client: %s', (origin, allowed) => {
  const url = `${mount}/clients-registrations/openid-connect`;
  const preflight = send({ method: 'OPTIONS', url, headers: { origin } });
  expect(preflight.answer.status).toBe(204);
  expect(preflight.answer.headers.get('access-control-allow-origin')).toBe(allowed);
  const post = send({ method: 'POST', url, headers: { origin } });
  expect(post.answer.headers.get('access-control-allow-origin')).toBe(allowed);
  expect(post.reached).toHaveLength(1);
});
