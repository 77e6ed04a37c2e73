import { expect, test } from 'vitest';
import type { JsonAnswer } from '../../src/issuer/json-request.ts';
import type { JsonObject } from '../../src/json.ts';
import { createUserinfo } from '../../src/strategy/userinfo.ts';
import { accessClaims, createClock, issuer } from '../support/issuer.ts';

const claims: JsonObject = accessClaims();

function setup(answer: () => JsonAnswer, endpoint?: string) {
  const clock = createClock();
  const asked: { url: string; authorization: string | undefined }[] = [];
  const state = { answer };
  const enrich = createUserinfo({
    ...{ endpoint, wanted: ['preferred_username', 'organization', 'email', 'scope', 'aud', 'cnf', 'act'] },
    metadata: { urlOf: async (name) => `${issuer}/from-metadata/${name}` },
    request: async (url, init) => {
      asked.push({ url, authorization: init?.headers?.authorization });
      return state.answer();
    },
    now: clock.now,
  });
  return { enrich, asked, clock, state };
}

const says =
  (json: unknown, status = 200) =>
  (): JsonAnswer => ({ status, json });

test('fills in what the token does not say, and nothing of what the token is', async () => {
  const more = { sub: 'u-1', preferred_username: 'freya', organization: ['valhalla'], phone: '1' };
  const { enrich, asked } = setup(says({ ...more, scope: 'all', aud: 'x', cnf: { jkt: 'x' }, act: { sub: 'x' } }));
  expect(await enrich('the-token', claims)).toEqual({
    ...claims,
    ...{ preferred_username: 'freya', organization: ['valhalla'] },
  });
  expect(asked).toEqual([{ url: `${issuer}/from-metadata/userinfo_endpoint`, authorization: 'Bearer the-token' }]);
});

test('what the token says counts more, and the endpoint can be given', async () => {
  const { enrich, asked } = setup(says({ sub: 'u-1', organization: ['jotunheim'] }), 'https://heimdall.example/me');
  expect(await enrich('t', { ...claims, organization: ['valhalla'] })).toMatchObject({ organization: ['valhalla'] });
  expect(asked[0]?.url).toBe('https://heimdall.example/me');
});

test.each<[string, () => JsonAnswer, string]>([
  ['about another user', says({ sub: 'u-2', organization: ['valhalla'] }), 'token_invalid'],
  ['about nobody', says({ organization: ['valhalla'] }), 'token_invalid'],
  ['that does not take the token', says({ error: 'invalid_token' }, 401), 'token_invalid'],
  ['that is no object', says(undefined), 'unavailable'],
])('an answer %s is refused', async (_name, answer, code) => {
  await expect(setup(answer).enrich('t', claims)).rejects.toMatchObject({ code });
});

test('a token that may not ask is as good as it was', async () => {
  expect(await setup(says({ error: 'insufficient_scope' }, 403)).enrich('t', claims)).toEqual(claims);
});

test('nobody asks with a token that is bound to a key of its holder', async () => {
  const { enrich, asked } = setup(says({ sub: 'u-1', organization: ['valhalla'] }));
  const bound = { ...claims, cnf: { jkt: 'x' } };
  expect(await enrich('t', bound)).toEqual(bound);
  expect(asked).toEqual([]);
});

test('an issuer that fails again and again is left in peace for a while', async () => {
  const { enrich, asked, clock, state } = setup(() => {
    throw new Error('down');
  });
  for (let n = 0; n < 8; n += 1) await expect(enrich('t', claims)).rejects.toMatchObject({ status: 503 });
  expect(asked).toHaveLength(5);
  clock.pass(2);
  state.answer = says({ sub: 'u-1' });
  expect(await enrich('t', claims)).toEqual(claims);
});
