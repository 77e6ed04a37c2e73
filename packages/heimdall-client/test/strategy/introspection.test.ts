import { expect, test } from 'vitest';
import { HeimdallError } from '../../src/errors.ts';
import { systemSha256 } from '../../src/hash.ts';
import type { JsonAnswer, JsonRequestInit } from '../../src/issuer/json-request.ts';
import type { JsonObject } from '../../src/json.ts';
import { createIntrospectionStrategy } from '../../src/strategy/introspection.ts';
import { accessClaims, audience, createClock, issuer, start } from '../support/issuer.ts';

type Answer = () => JsonObject | JsonAnswer;

const good: JsonObject = { active: true, token_type: 'Bearer', ...accessClaims() };
const refusal =
  (status: number, json: unknown = { error: 'invalid_request' }): Answer =>
  () => ({ status, json });
const isAnswer = (answer: JsonObject | JsonAnswer): answer is JsonAnswer => typeof answer.status === 'number';

function setup(answer: Answer = () => good, endpoint?: string) {
  const clock = createClock();
  const asked: { url: string; form: JsonRequestInit | undefined }[] = [];
  const state = { answer };
  const strategy = createIntrospectionStrategy({
    rules: { issuer, audience: new Set([audience]), clockToleranceSeconds: 5 },
    policy: {
      client: { method: 'client_secret_basic', clientId: 'odin', secret: 's' },
      ...{ endpoint, tokens: 'opaque', maxTtlMs: 30_000, refusedTtlMs: 5_000 },
    },
    metadata: { urlOf: async (name) => `${issuer}/from-metadata/${name}` },
    request: async (url, form) => {
      asked.push({ url, form });
      const answer = state.answer();
      return isAnswer(answer) ? answer : { status: 200, json: answer };
    },
    hash: systemSha256(),
    now: clock.now,
  });
  return { strategy, asked, clock, state };
}

test('asks with its own credentials, and answers with the claims', async () => {
  const { strategy, asked } = setup();
  expect(await strategy.verify('opaque')).toMatchObject({ sub: 'u-1', iss: issuer });
  expect(asked[0]?.url).toBe(`${issuer}/from-metadata/introspection_endpoint`);
  expect(Object.fromEntries(new URLSearchParams(asked[0]?.form?.body))).toEqual({
    token: 'opaque',
    token_type_hint: 'access_token',
  });
  expect(asked[0]?.form?.headers?.authorization).toMatch(/^Basic /);
  expect(strategy.maxTtlMs).toBe(30_000);
});

test('uses the endpoint it is given', async () => {
  const { strategy, asked } = setup(undefined, 'https://heimdall.example/introspect');
  await strategy.verify('opaque');
  expect(asked[0]?.url).toBe('https://heimdall.example/introspect');
});

test('an answer without issuer is the issuer speaking of its own', async () => {
  const { iss: _, ...rest } = good;
  expect(await setup(() => rest).strategy.verify('opaque')).toMatchObject({ iss: issuer });
});

test.each<[string, JsonObject, string]>([
  ['an inactive token', { active: false }, 'token_invalid'],
  ['a token of another issuer', { ...good, iss: 'https://evil.example' }, 'issuer_unknown'],
  ['a token for another resource', { ...good, aud: 'https://odin.example/other' }, 'audience_mismatch'],
  ['a token for anything', { ...good, aud: undefined }, 'audience_mismatch'],
  ['a token that is over', { ...good, exp: start - 60 }, 'token_expired'],
  ['a token without end', { ...good, exp: undefined }, 'token_invalid'],
  ['a refresh token (no type)', { ...good, token_type: undefined }, 'token_invalid'],
  ['a refresh token (Keycloak)', { ...good, token_type: undefined, typ: 'Refresh' }, 'token_invalid'],
  ['a type that contradicts itself', { ...good, typ: 'Refresh' }, 'token_invalid'],
  ['a token bound to a key', { ...good, token_type: 'DPoP', cnf: { jkt: 'x' } }, 'token_invalid'],
  ['a token bound to a key that says Bearer', { ...good, cnf: { jkt: 'x' } }, 'token_invalid'],
])('refuses %s', async (_name, answer, code) => {
  await expect(setup(() => answer).strategy.verify('opaque')).rejects.toMatchObject({ code, status: 401 });
});

test('a refused token is not asked about again for five seconds', async () => {
  const { strategy, asked, clock, state } = setup(() => ({ active: false }));
  await expect(strategy.verify('bad')).rejects.toMatchObject({ code: 'token_invalid' });
  clock.pass(4.9);
  await expect(strategy.verify('bad')).rejects.toMatchObject({ code: 'token_invalid' });
  expect(asked).toHaveLength(1);
  state.answer = () => good;
  clock.pass(0.1);
  await expect(strategy.verify('bad')).resolves.toBeDefined();
});

test.each<[string, Answer]>([
  ['does not let this server in', refusal(401, { error: 'invalid_client' })],
  ['does not let this server ask', refusal(403)],
  ['says with 400 that it does not know this server', refusal(400, { error: 'invalid_client' })],
  ['says with 400 that this server may not ask', refusal(400, { error: 'unauthorized_client' })],
  ['has a gateway that says something', refusal(400, null)],
  ['is elsewhere', refusal(404)],
  ['answers no JSON', refusal(200, null)],
  ['says something else', () => ({ error: 'x' })],
  ['says "true" as text', () => ({ ...good, active: 'true' })],
  [
    'is away',
    () => {
      throw new HeimdallError('unavailable', 'away');
    },
  ],
])('an issuer that %s makes no token bad', async (_name, answer) => {
  await expect(setup(answer).strategy.verify('opaque')).rejects.toMatchObject({ code: 'unavailable', status: 503 });
});

test('five failures in a row stop the asking for a while', async () => {
  const { strategy, asked, clock, state } = setup(refusal(403));
  const ask = () => strategy.verify('opaque').catch((error: HeimdallError) => error);
  for (let n = 0; n < 5; n += 1) await ask();
  expect(await ask()).toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 });
  expect(asked).toHaveLength(5);
  clock.pass(1);
  state.answer = () => good;
  expect(await ask()).toMatchObject({ sub: 'u-1' });
  state.answer = refusal(403);
  await ask();
  expect(asked).toHaveLength(7);
});

test.each([
  ['cannot read a token', refusal(400, { error: 'unsupported_token_type' })],
  ['finds a token too long', refusal(413, null)],
])('an issuer that %s refuses it, and it alone', async (_name, answer) => {
  const { strategy, asked, state } = setup(answer);
  for (let n = 0; n < 10; n += 1) {
    await expect(strategy.verify(`bad-${n}`)).rejects.toMatchObject({ code: 'token_invalid', status: 401 });
  }
  await expect(strategy.verify('bad-0')).rejects.toMatchObject({ code: 'token_invalid' });
  expect(asked).toHaveLength(10);
  state.answer = () => good;
  await expect(strategy.verify('opaque')).resolves.toMatchObject({ sub: 'u-1' });
});
