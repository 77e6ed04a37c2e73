import type { JWTPayload } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { type BackChannelLogoutOptions, createBackChannelLogout } from '../../src/logout/back-channel.ts';
import type { Revocation } from '../../src/revocation/revocation.ts';
import { createClock, createIssuer, createKey, issuer, type SigningKey, start } from '../support/issuer.ts';

let key: SigningKey;
let stranger: SigningKey;

beforeAll(async () => {
  [key, stranger] = await Promise.all([createKey('one'), createKey('one')]);
});

function setup(options: Partial<BackChannelLogoutOptions> = {}) {
  const clock = createClock();
  const heimdall = createIssuer(key);
  const revoked: Revocation[] = [];
  const handle = createBackChannelLogout({
    ...{ issuer, clients: 'app', fetch: heimdall.fetch, now: clock.now },
    revoke: async (revocation) => void revoked.push(revocation),
    ...options,
  });
  const send = (token: string) => handle(post(new URLSearchParams({ logout_token: token })));
  return { handle, send, revoked, clock, heimdall };
}

function post(body: BodyInit, headers: Record<string, string> = {}): Request {
  return new Request('https://odin.example/logout', { method: 'POST', body, headers });
}

function logout(claims: JWTPayload = {}, signer = key): Promise<string> {
  const event = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const whole = {
    iss: issuer,
    aud: 'app',
    iat: start,
    exp: start + 120,
    jti: 'j-1',
    sid: 's-1',
    events: event,
    ...claims,
  };
  return signer.sign(whole, { typ: 'logout+jwt' });
}

test('a logout voids the session and is answered with nothing', async () => {
  const { send, revoked } = setup();
  const response = await send(await logout());
  expect([response.status, response.headers.get('cache-control'), await response.text()]).toEqual([
    200,
    'no-store',
    '',
  ]);
  expect(revoked).toEqual([{ issuer, sessionId: 's-1', issuedBefore: start }]);
});

test('the same logout token works once', async () => {
  const { send, revoked, clock } = setup();
  const token = await logout({ exp: start + 3_600 });
  const answers = await Promise.all([send(token), send(token)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  clock.pass(305);
  expect((await send(token)).status).toBe(400);
  clock.pass(60);
  expect((await send(token)).status).toBe(400);
  expect(revoked).toHaveLength(1);
});

test.each<[string, () => Promise<string>]>([
  ['a foreign signature', () => logout({}, stranger)],
  ['a foreign issuer', () => logout({ iss: 'https://evil.example' })],
  ['a foreign client', () => logout({ aud: 'other' })],
  ['an access token', () => key.sign({ iss: issuer, aud: 'app', sub: 'u', iat: start, exp: start + 60 })],
  ['garbage', async () => 'garbage'],
  ['nothing', async () => ''],
  ['a flood', async () => 'x'.repeat(40_000)],
])('%s signs nobody out', async (_name, make) => {
  const { send, revoked } = setup();
  const response = await send(await make());
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  expect(revoked).toEqual([]);
});

test('what cannot be in order causes no request', async () => {
  const { send, heimdall } = setup();
  await send(await logout({ aud: 'other' }));
  await send('garbage');
  expect(heimdall.requests).toEqual([]);
});

test('only a form is read, only POST is answered', async () => {
  const { handle } = setup();
  expect((await handle(new Request('https://odin.example/logout'))).status).toBe(405);
  const json = post(JSON.stringify({ logout_token: await logout() }), { 'content-type': 'application/json' });
  expect((await handle(json)).status).toBe(400);
  expect((await handle(new Request('https://odin.example/logout', { method: 'POST' }))).status).toBe(400);
});

test('when keys or replicas cannot be reached the issuer may try again', async () => {
  const away = setup({ fetch: async () => new Response('no', { status: 500 }) });
  const response = await away.send(await logout());
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);

  let connected = false;
  const revoke = async () => {
    if (!connected) throw new Error('disconnected');
  };
  const { send } = setup({ revoke });
  expect((await send(await logout())).status).toBe(503);
  connected = true;
  expect((await send(await logout())).status).toBe(200);
});

test('refuses bad options', () => {
  expect(() => setup({ clients: [] })).toThrow(expect.objectContaining({ code: 'bad_option' }));
  expect(() => setup({ issuer: 'http://heimdall.example' })).toThrow(expect.objectContaining({ code: 'bad_option' }));
});
