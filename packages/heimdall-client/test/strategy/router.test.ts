import { beforeAll, expect, test } from 'vitest';
import { normalizeOptions, type TokenVerifierOptions } from '../../src/options.ts';
import { createRouter } from '../../src/strategy/router.ts';
import {
  accessClaims,
  audience,
  createClock,
  createIssuer,
  createKey,
  issuer,
  type SigningKey,
} from '../support/issuer.ts';

let key: SigningKey;
const other = 'https://other.example';
const introspection = { client: { method: 'client_secret_post', clientId: 'odin', secret: 's' } } as const;

beforeAll(async () => {
  key = await createKey('one');
});

function setup(options: Partial<TokenVerifierOptions> = {}) {
  const heimdall = createIssuer(key);
  heimdall.routes.set(`${other}/.well-known/openid-configuration`, () =>
    Response.json({ issuer: other, jwks_uri: `${other}/certs`, introspection_endpoint: `${other}/introspect` }),
  );
  heimdall.routes.set(`${other}/certs`, () => Response.json({ keys: [] }));
  heimdall.routes.set(`${other}/introspect`, () =>
    Response.json({ active: true, token_type: 'Bearer', ...accessClaims({ iss: other }) }),
  );
  const policy = normalizeOptions({ issuer, audience, fetch: heimdall.fetch, now: createClock().now, ...options });
  return { router: createRouter(policy), heimdall };
}

test('each issuer has its own keys: a key of one does not sign for another', async () => {
  const { router, heimdall } = setup({ issuer: [{ issuer }, { issuer: other }] });
  const good = await key.sign(accessClaims());
  expect(await router.route(good).verify(good)).toMatchObject({ iss: issuer });
  const foreign = await key.sign(accessClaims({ iss: other }));
  await expect(router.route(foreign).verify(foreign)).rejects.toMatchObject({ code: 'token_invalid' });
  expect(heimdall.requests).toContain(`${other}/certs`);
  expect(router.keyStats()).toMatchObject({ [issuer]: { fetches: 1 }, [other]: { fetches: 1 } });
});

test.each([
  ['an unknown issuer', { iss: 'https://evil.example' }],
  ['an issuer that is an object property', { iss: '__proto__' }],
  ['no issuer', { iss: undefined }],
])('refuses %s without asking anybody', async (_name, claims) => {
  const { router, heimdall } = setup();
  const token = await key.sign({ ...accessClaims(), ...claims } as never);
  expect(() => router.route(token)).toThrow(expect.objectContaining({ code: 'issuer_unknown' }));
  expect(heimdall.requests).toEqual([]);
});

test('algorithms are those of the issuer', async () => {
  const { router } = setup({ issuer: [{ issuer, algorithms: ['RS256'] }, { issuer: other }] });
  const token = await key.sign(accessClaims());
  expect(() => router.route(token)).toThrow(expect.objectContaining({ code: 'token_invalid' }));
});

test('opaque tokens are malformed without introspection, and go to the issuer that is meant for them', async () => {
  expect(() => setup().router.route('opaque')).toThrow(expect.objectContaining({ code: 'token_malformed' }));
  const { router } = setup({
    issuer: [
      { issuer, introspection: { ...introspection, tokens: 'all' } },
      { issuer: other, introspection },
    ],
  });
  expect(await router.route('opaque').verify('opaque')).toMatchObject({ iss: other });
});

test('JWTs are verified here, unless the issuer wants to be asked about all', async () => {
  const token = await key.sign(accessClaims({ iss: other }));
  const asking = setup({ issuer: other, introspection: { ...introspection, tokens: 'all' } });
  expect(await asking.router.route(token).verify(token)).toMatchObject({ iss: other });
  expect(asking.heimdall.requests).toContain(`${other}/introspect`);
  const local = setup({ issuer: other, introspection });
  await expect(local.router.route(token).verify(token)).rejects.toMatchObject({ code: 'token_invalid' });
});

test.each([
  ['a JWT without its signature', (token: string) => token.replace(/[^.]*$/, '')],
  ['a JWT with padding', (token: string) => `${token}=`],
  ['characters that no bearer token has', () => 'opaque token'],
])('nobody is asked about %s', async (_name, change) => {
  const { router, heimdall } = setup({ issuer: other, introspection: { ...introspection, tokens: 'all' } });
  const token = change(await key.sign(accessClaims({ iss: other })));
  expect(() => router.route(token)).toThrow(expect.objectContaining({ code: 'token_malformed' }));
  expect(heimdall.requests).toEqual([]);
});
