import { beforeAll, describe, expect, test } from 'vitest';
import type { TokenVerifierOptions } from '../src/options.ts';
import { createMemoryRevocationBus } from '../src/revocation/revocation.ts';
import { createTokenVerifier } from '../src/verifier.ts';
import {
  accessClaims,
  audience,
  createClock,
  createIssuer,
  createKey,
  issuer,
  type SigningKey,
  start,
} from './support/issuer.ts';

let key: SigningKey;

beforeAll(async () => {
  key = await createKey('one');
});

function setup(options: Partial<TokenVerifierOptions> = {}) {
  const clock = createClock();
  const heimdall = createIssuer(key);
  const verifier = createTokenVerifier({ issuer, audience, fetch: heimdall.fetch, now: clock.now, ...options });
  return { clock, heimdall, verifier };
}

test('finds the keys by itself and tells whose the token is', async () => {
  const { verifier, heimdall } = setup();
  expect(heimdall.requests).toEqual([]);
  expect(await verifier.verify(await key.sign(accessClaims()))).toMatchObject({ subject: 'u-1', clientId: 'app' });
  expect(heimdall.requests).toEqual([`${issuer}/.well-known/openid-configuration`, `${issuer}/certs`]);
});

test('with jwksUri the metadata is not asked for', async () => {
  const { verifier, heimdall } = setup({ jwksUri: `${issuer}/certs` });
  await verifier.verify(await key.sign(accessClaims()));
  expect(heimdall.requests).toEqual([`${issuer}/certs`]);
});

test('peek knows only what was verified, and gives the same object', async () => {
  const { verifier } = setup();
  const token = await key.sign(accessClaims());
  expect(verifier.peek(token)).toBeUndefined();
  const principal = await verifier.verify(token);
  expect(verifier.peek(token)).toBe(principal);
  expect(await verifier.verify(token)).toBe(principal);
  expect(verifier.peek(`${token}x`)).toBeUndefined();
  expect(verifier.peek('')).toBeUndefined();
  expect(verifier.peek('x'.repeat(20_000))).toBeUndefined();
});

test('a thousand first uses of one token are one verification', async () => {
  const { verifier } = setup();
  const token = await key.sign(accessClaims());
  const principals = await Promise.all(Array.from({ length: 1_000 }, () => verifier.verify(token)));
  expect(new Set(principals).size).toBe(1);
  expect(verifier.stats()).toMatchObject({
    misses: 1_000,
    joined: 999,
    verified: 1_000,
    renewed: 0,
    running: 0,
    keys: { [issuer]: { fetches: 1 } },
  });
});

test('what is remembered ends with the time to live, and the token is then verified again', async () => {
  const { verifier, clock } = setup();
  const token = await key.sign(accessClaims());
  await verifier.verify(token);
  clock.pass(60);
  expect(verifier.peek(token)).toBeUndefined();
  await verifier.verify(token);
  expect(verifier.stats()).toMatchObject({ verified: 2, hits: 0 });
});

test('a token that ends while it is remembered is refused', async () => {
  const { verifier, clock } = setup({ cache: { maxTtlMs: 3_600_000 } });
  const token = await key.sign(accessClaims({ exp: start + 30 }));
  await verifier.verify(token);
  clock.pass(29);
  await expect(verifier.verify(token)).resolves.toBeDefined();
  clock.pass(6);
  expect(verifier.peek(token)).toBeUndefined();
  await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'token_expired' });
});

test.each<[string, (url: string) => Response]>([
  [
    'unreachable',
    () => {
      throw new TypeError('fetch failed');
    },
  ],
  ['broken', () => new Response('no', { status: 502 })],
  ['without metadata', () => new Response('no', { status: 404 })],
  ['somebody else', () => Response.json({ issuer: 'https://evil.example', jwks_uri: 'https://evil.example/certs' })],
  ['pointing to keys in clear text', () => Response.json({ issuer, jwks_uri: 'http://keys.example/certs' })],
  ['pointing to no keys', () => Response.json({ issuer })],
])('an issuer that is %s never makes a token bad: 503', async (_name, answer) => {
  const { verifier } = setup({ fetch: async (input) => answer(String(input)) });
  const token = await key.sign(accessClaims());
  await expect(verifier.verify(token)).rejects.toMatchObject({
    code: 'unavailable',
    status: 503,
    retryAfterSeconds: 1,
  });
  expect(verifier.stats()).toMatchObject({ unavailable: 1, rejected: 0 });
});

test('known users stay known while the issuer is away, and it is asked again later', async () => {
  const { verifier, heimdall, clock } = setup();
  const token = await key.sign(accessClaims());
  const certs = heimdall.routes.get(`${issuer}/certs`);
  heimdall.routes.set(`${issuer}/certs`, () => new Response('no', { status: 500 }));
  await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'unavailable' });
  if (certs) heimdall.routes.set(`${issuer}/certs`, certs);
  await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'unavailable' });
  clock.pass(1);
  await expect(verifier.verify(token)).resolves.toMatchObject({ subject: 'u-1' });
});

test('a refused token is not remembered as good, nor does it displace anybody', async () => {
  const { verifier } = setup({ cache: { maxEntries: 1 } });
  const good = await key.sign(accessClaims());
  await verifier.verify(good);
  const forged = `${good.slice(0, -8)}AAAAAAAA`;
  await expect(verifier.verify(forged)).rejects.toMatchObject({ code: 'token_invalid' });
  expect(verifier.peek(forged)).toBeUndefined();
  expect(verifier.peek(good)).toBeDefined();
});

test('ten thousand pieces of garbage at once: no request, nobody else waits', async () => {
  const { verifier, heimdall } = setup({ maxConcurrency: 1 });
  const token = await key.sign(accessClaims());
  const garbage = Promise.allSettled(Array.from({ length: 10_000 }, (_, n) => verifier.verify(`garbage-${n}`)));
  const good = verifier.verify(token);
  const outcomes = await garbage;
  expect(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason.code === 'token_malformed')).toBe(
    true,
  );
  await expect(good).resolves.toMatchObject({ subject: 'u-1' });
  expect(heimdall.requests).toHaveLength(2);
  expect(verifier.stats()).toMatchObject({ rejected: 10_000, verified: 1, cache: { entries: 1 } });
});

test('no token at all', async () => {
  await expect(setup().verifier.verify('')).rejects.toMatchObject({ code: 'token_missing' });
});

test('a token without a subject is nobody', async () => {
  const { verifier } = setup();
  const { sub: _, ...claims } = accessClaims();
  await expect(verifier.verify(await key.sign(claims))).rejects.toMatchObject({ code: 'token_invalid' });
});

test('bad options are told at once', () => {
  expect(() => createTokenVerifier({ issuer, audience: [] })).toThrow(expect.objectContaining({ code: 'bad_option' }));
});

describe('revocation', () => {
  test('a revoked user is forgotten at once and stays out', async () => {
    const { verifier } = setup();
    const token = await key.sign(accessClaims({ sid: 's-1' }));
    const principal = await verifier.verify(token);
    const heard: unknown[] = [];
    verifier.onRevocation((revocation) => heard.push(revocation));
    await verifier.revoke({ sessionId: 's-1' });
    expect(verifier.isRevoked(principal)).toBe(true);
    expect(verifier.peek(token)).toBeUndefined();
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'token_revoked', status: 401 });
    expect(heard).toEqual([{ issuer, sessionId: 's-1', issuedBefore: start + 5 }]);
  });

  test('a revocation during the verification counts', async () => {
    const { verifier } = setup();
    const pending = verifier.verify(await key.sign(accessClaims()));
    await verifier.revoke({ subject: 'u-1' });
    await expect(pending).rejects.toMatchObject({ code: 'token_revoked' });
  });

  test('reaches the replicas on the bus, and names the issuer when there are several', async () => {
    const bus = createMemoryRevocationBus();
    const [here, there] = [setup({ revocations: { bus } }), setup({ revocations: { bus } })];
    const token = await key.sign(accessClaims());
    await there.verifier.verify(token);
    await here.verifier.revoke({ subject: 'u-1' });
    expect(there.verifier.peek(token)).toBeUndefined();
    const two = createTokenVerifier({ audience, issuer: [{ issuer }, { issuer: 'https://other.example' }] });
    await expect(two.revoke({ subject: 'u-1' })).rejects.toMatchObject({ code: 'bad_revocation' });
    await expect(two.revoke({ subject: 'u-1', issuer })).resolves.toBeUndefined();
  });
});

test('asks who the user is once a token, after it was found good, and reads the claims that the issuer uses', async () => {
  const { fetch, routes, requests } = createIssuer(key);
  const me = `${issuer}/me`;
  const answer = { sub: 'u-1', preferred_username: 'freya', groups: ['king'], email: 'freya@asgard.example' };
  routes.set(me, () => Response.json(answer));
  const verifier = createTokenVerifier({
    ...{ issuer, audience, fetch, now: createClock().now, keepClaims: ['email'] },
    ...{ userinfo: { endpoint: me }, claimNames: { roles: ['groups'] } },
  });
  const token = await key.sign(accessClaims());
  const principal = await verifier.verify(token);
  expect(principal).toMatchObject({ username: 'freya', roles: { realm: ['king'] }, scopes: ['mcp:tools'] });
  expect(principal.claims).toEqual({ email: 'freya@asgard.example' });
  await verifier.verify(token);
  await verifier.verify(await key.sign(accessClaims({ aud: 'https://other.example' }))).catch(() => undefined);
  expect(requests.filter((url) => url === me)).toHaveLength(1);
});

describe('a token that the issuer is asked about', () => {
  const endpoint = `${issuer}/introspect`;
  const introspection = {
    endpoint,
    client: { method: 'client_secret_post', clientId: 'odin', secret: 's' },
  } as const;

  function setupRemote() {
    const { clock, heimdall } = setup();
    const answers: (() => Response | Promise<Response>)[] = [];
    const active = (scope: string) => () =>
      Response.json({ ...accessClaims({ scope, exp: start + 3_600 }), active: true, token_type: 'Bearer' });
    heimdall.routes.set(endpoint, () => (answers.shift() ?? active('late'))());
    const verifier = createTokenVerifier({
      issuer: [{ issuer, introspection }],
      audience,
      fetch: heimdall.fetch,
      now: clock.now,
    });
    return { clock, heimdall, verifier, answers, active };
  }

  test('is asked about again in the background, once, before the last answer is too old', async () => {
    const { clock, heimdall, verifier, answers, active } = setupRemote();
    answers.push(active('first'), active('second'));
    await verifier.verify('opaque');
    clock.pass(23.9);
    expect(verifier.peek('opaque')?.scopes).toEqual(['first']);
    expect(heimdall.requests).toEqual([endpoint]);
    clock.pass(0.1);
    expect(verifier.peek('opaque')?.scopes).toEqual(['first']);
    expect(verifier.peek('opaque')?.scopes).toEqual(['first']);
    await expect.poll(() => verifier.stats().renewed).toBe(1);
    expect(heimdall.requests).toEqual([endpoint, endpoint]);
    clock.pass(20);
    expect(verifier.peek('opaque')?.scopes).toEqual(['second']);
    expect(verifier.stats().misses).toBe(1);
  });

  test('is forgotten when the issuer says then that it is over', async () => {
    const { clock, verifier, answers, active } = setupRemote();
    answers.push(active('first'), () => Response.json({ active: false }));
    await verifier.verify('opaque');
    clock.pass(25);
    expect(verifier.peek('opaque')).toBeDefined();
    await expect.poll(() => verifier.peek('opaque')).toBeUndefined();
  });

  test('is believed to the end of its time when the issuer cannot be asked', async () => {
    const { clock, heimdall, verifier, answers, active } = setupRemote();
    answers.push(active('first'), () => Promise.reject(new Error('the network')));
    await verifier.verify('opaque');
    clock.pass(25);
    await verifier.verify('opaque');
    await expect.poll(() => heimdall.requests.length).toBe(2);
    clock.pass(4.9);
    expect(verifier.peek('opaque')?.scopes).toEqual(['first']);
    clock.pass(0.1);
    expect(verifier.peek('opaque')).toBeUndefined();
  });
});
