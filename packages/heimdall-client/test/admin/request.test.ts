import { expect, test } from 'vitest';
import { arrayOf, textOf } from '../../src/admin/request.ts';
import { fakeKeycloak, made } from '../support/keycloak.ts';

test('sends JSON with the token of the service account, and encodes what it is given', async () => {
  const { request, sent } = fakeKeycloak(() => Response.json([]));
  await request.send(['clients', 'a/../b'], { method: 'PUT', body: { x: 1 }, query: { q: 'a b' } });
  expect(sent).toEqual([
    { method: 'PUT', path: 'clients/a%2F..%2Fb?q=a+b', body: { x: 1 }, authorization: 'Bearer t1' },
  ]);
  for (const id of ['', '.', '..']) {
    await expect(request.send(['clients', id])).rejects.toMatchObject({ code: 'bad_option' });
  }
  expect(sent).toHaveLength(1);
});

test('a token that is not taken is replaced once', async () => {
  const { request, sent, state } = fakeKeycloak(({ authorization }) =>
    authorization === 'Bearer t1' ? new Response('', { status: 401 }) : Response.json([]),
  );
  await request.send(['clients']);
  expect(sent.map(({ authorization }) => authorization)).toEqual(['Bearer t1', 'Bearer t2']);
  const never = fakeKeycloak(() => new Response('', { status: 401 }));
  await expect(never.request.send(['clients'])).rejects.toMatchObject({ code: 'client_refused' });
  expect([never.sent.length, never.state.signIns, state.signIns]).toEqual([2, 2, 2]);
});

test.each([
  [400, 'admin_refused'],
  [403, 'client_refused'],
  [404, 'not_found'],
  [409, 'conflict'],
  [302, 'unavailable'],
  [429, 'unavailable'],
  [500, 'unavailable'],
])('status %i is %s', async (status, code) => {
  const { request } = fakeKeycloak(() => Response.json({ errorMessage: 'why' }, { status }));
  const error = await request.send(['clients']).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ code });
  if (code !== 'unavailable') expect(error).toMatchObject({ cause: { message: 'why' } });
});

test('the id of what was made is in the address', async () => {
  expect(await fakeKeycloak(() => made('4-a')).request.create(['clients'], {})).toBe('4-a');
  const silent = fakeKeycloak(() => new Response(null, { status: 201 }));
  await expect(silent.request.create(['clients'], {})).rejects.toMatchObject({ code: 'unavailable' });
});

test('lists come in pages', async () => {
  const { request, sent } = fakeKeycloak(({ path }) => {
    const query = new URLSearchParams(path.split('?')[1]);
    const first = Number(query.get('first'));
    return Response.json([0, 1, 2, 3, 4].slice(first, first + Number(query.get('max'))).map((n) => ({ n })));
  });
  expect(await request.page(['things'], { max: 3 })).toEqual({ items: [{ n: 0 }, { n: 1 }, { n: 2 }], next: 3 });
  expect(await request.page(['things'], { first: 3, max: 3 })).toEqual({ items: [{ n: 3 }, { n: 4 }] });
  expect((await request.page(['things'])).items).toHaveLength(5);
  for (const options of [{ max: 501 }, { max: 0 }, { first: -1 }]) {
    await expect(request.page(['things'], options)).rejects.toMatchObject({ code: 'bad_option' });
  }
  expect(sent).toHaveLength(3);
});

test('an answer of another shape is no answer', () => {
  expect(arrayOf({ status: 200, json: [{ a: 1 }, 'x', null] })).toEqual([{ a: 1 }]);
  expect(() => arrayOf({ status: 200, json: {} })).toThrow('not a list');
  expect(textOf({ id: 'a' }, 'id')).toBe('a');
  expect(() => textOf({ id: 1 }, 'id')).toThrow('"id"');
});
