import { expect, test } from 'vitest';
import { createTokenExchange } from '../../src/exchange/token-exchange.ts';
import { createClock, issuer, start } from '../support/issuer.ts';

const tokenEndpoint = `${issuer}/token`;
const good = { access_token: 'new', token_type: 'Bearer', expires_in: 300, scope: 'notes:read' };

function setup(change: object = {}) {
  const clock = createClock();
  const sent: Request[] = [];
  const state = { answer: (): Response | Promise<Response> => Response.json(good) };
  const exchange = createTokenExchange({
    ...{ issuer, tokenEndpoint, now: clock.now },
    client: { method: 'client_secret_basic', clientId: 'odin', secret: 's' },
    fetch: async (input, init) => {
      sent.push(new Request(input, init));
      return state.answer();
    },
    ...change,
  });
  return { exchange, clock, sent, state };
}

const wanted = { subjectToken: 'user-token', audience: 'calendar' };

test('asks for a token of the audience, as this server', async () => {
  const { exchange, sent } = setup();
  expect(await exchange.exchange({ ...wanted, scope: 'notes:read' })).toEqual({
    ...{ accessToken: 'new', expiresAt: start + 300, scopes: ['notes:read'] },
  });
  expect(sent[0]?.url).toBe(tokenEndpoint);
  expect(sent[0]?.headers.get('authorization')).toBe(`Basic ${btoa('odin:s')}`);
  expect(Object.fromEntries(new URLSearchParams(await sent[0]?.text()))).toEqual({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: 'user-token',
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    audience: 'calendar',
    scope: 'notes:read',
  });
});

test('names the target as a resource where the issuer wants it so', async () => {
  const { exchange, sent } = setup({ targetParameter: 'resource' });
  await exchange.exchange({ ...wanted, audience: 'https://calendar.example' });
  const form = new URLSearchParams(await sent[0]?.text());
  expect([form.get('resource'), form.get('audience')]).toEqual(['https://calendar.example', null]);
});

test('finds the token endpoint in the metadata', async () => {
  const urls: string[] = [];
  const { exchange } = setup({
    tokenEndpoint: undefined,
    fetch: async (input: string) => {
      urls.push(input);
      return Response.json(input.includes('well-known') ? { issuer, token_endpoint: tokenEndpoint } : good);
    },
  });
  await exchange.exchange(wanted);
  expect(urls).toEqual([`${issuer}/.well-known/openid-configuration`, tokenEndpoint]);
});

test('a thousand callers share one request; user, audience and scope are told apart', async () => {
  const { exchange, sent } = setup();
  await Promise.all(Array.from({ length: 1_000 }, () => exchange.exchange(wanted)));
  await exchange.exchange(wanted);
  expect(sent).toHaveLength(1);
  expect(exchange.stats()).toEqual({ entries: 1, hits: 1, requests: 1, joined: 999 });
  await exchange.exchange({ ...wanted, subjectToken: 'other' });
  await exchange.exchange({ ...wanted, audience: 'mail' });
  await exchange.exchange({ ...wanted, scope: 'x' });
  // What one caller puts into the audience cannot become another's scope.
  await exchange.exchange({ ...wanted, audience: 'calendar","x' });
  expect(sent).toHaveLength(5);
});

test('a token is used until shortly before its end, and not longer than allowed', async () => {
  const { exchange, clock, sent } = setup();
  await exchange.exchange(wanted);
  clock.pass(269);
  await exchange.exchange(wanted);
  expect(sent).toHaveLength(1);
  clock.pass(1);
  await exchange.exchange(wanted);
  expect(sent).toHaveLength(2);
  const short = setup({ cache: { maxTtlMs: 10_000 } });
  await short.exchange.exchange(wanted);
  short.clock.pass(10);
  await short.exchange.exchange(wanted);
  expect(short.sent).toHaveLength(2);
});

test('is bounded, can be switched off, and keeps no token of unknown life', async () => {
  const two = setup({ cache: { maxEntries: 2 } });
  for (const audience of ['a', 'b', 'c']) await two.exchange.exchange({ ...wanted, audience });
  expect(two.exchange.stats().entries).toBe(2);
  const off = setup({ cache: { maxEntries: 0 } });
  const endless = setup();
  endless.state.answer = () => Response.json({ access_token: 'new', token_type: 'bearer' });
  for (const { exchange, sent } of [off, endless]) {
    await exchange.exchange(wanted);
    await exchange.exchange(wanted);
    expect(sent).toHaveLength(2);
    expect(exchange.stats().entries).toBe(0);
  }
});

test('a refusal stands for five seconds', async () => {
  const { exchange, clock, sent, state } = setup();
  state.answer = () => Response.json({ error: 'invalid_target', error_description: 'no such' }, { status: 400 });
  for (let n = 0; n < 3; n += 1) {
    await expect(exchange.exchange(wanted)).rejects.toMatchObject({ code: 'target_refused', status: 403 });
  }
  expect(sent).toHaveLength(1);
  clock.pass(5);
  state.answer = () => Response.json(good);
  expect((await exchange.exchange(wanted)).accessToken).toBe('new');
});

test.each<[string, () => Response]>([
  ['is broken', () => new Response('no', { status: 500 })],
  ['redirects', () => Response.redirect('https://evil.example', 302)],
  ['gives no token', () => Response.json({ token_type: 'Bearer' })],
  ['gives another kind of token', () => Response.json({ ...good, token_type: 'N_A' })],
  ['gives a token that is bound to a key', () => Response.json({ ...good, token_type: 'DPoP' })],
  ['answers with a page', () => new Response('<html>')],
])('an issuer that %s is unavailable', async (_name, answer) => {
  const { exchange, state } = setup();
  state.answer = answer;
  await expect(exchange.exchange(wanted)).rejects.toMatchObject({ code: 'unavailable', status: 503 });
});

test('five failures in a row stop the asking for a while', async () => {
  const { exchange, clock, sent, state } = setup();
  state.answer = () => new Response('no', { status: 503 });
  for (let n = 0; n < 7; n += 1) await exchange.exchange(wanted).catch(() => undefined);
  expect(sent).toHaveLength(5);
  clock.pass(1);
  state.answer = () => Response.json(good);
  await expect(exchange.exchange(wanted)).resolves.toBeDefined();
});

test.each([
  ['token_missing', { ...wanted, subjectToken: '' }],
  ['token_malformed', { ...wanted, subjectToken: 'x'.repeat(20_000) }],
  ['bad_option', { ...wanted, audience: '' }],
])('%s before anything is asked', async (code, request) => {
  const { exchange, sent } = setup();
  await expect(exchange.exchange(request)).rejects.toMatchObject({ code });
  expect(sent).toHaveLength(0);
});
