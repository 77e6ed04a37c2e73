import { expect, test } from 'vitest';
import { createJsonRequest, objectOf } from '../../src/issuer/json-request.ts';

const url = 'https://heimdall.example/token';

function asking(answer: () => Response, init?: Parameters<ReturnType<typeof createJsonRequest>>[1]) {
  const seen: RequestInit[] = [];
  const ask = createJsonRequest({
    requestTimeoutMs: 1_000,
    fetch: async (_input, request) => {
      seen.push(request ?? {});
      return answer();
    },
  });
  return { seen, answer: ask(`${url}?secret=1`, init) };
}

test('a refusal is an answer', async () => {
  const { answer } = asking(() => Response.json({ error: 'invalid_target' }, { status: 400 }));
  expect(await answer).toEqual({ status: 400, json: { error: 'invalid_target' } });
});

test('says how, with what, and where the new thing is', async () => {
  const { answer, seen } = asking(() => new Response(null, { status: 201, headers: { location: '/x' } }), {
    ...{ method: 'PUT', body: '{}', headers: { 'content-type': 'application/json' } },
  });
  expect(await answer).toEqual({ status: 201, json: undefined, location: '/x' });
  expect(seen[0]).toMatchObject({ method: 'PUT', body: '{}', redirect: 'manual' });
  expect(asking(() => Response.json({}), { body: new URLSearchParams() }).seen[0]?.method).toBe('POST');
});

test.each([302, 429, 500, 503])('status %i is none', async (status) => {
  const { answer } = asking(() => new Response('no', { status }));
  await expect(answer).rejects.toMatchObject({ code: 'unavailable', message: expect.not.stringContaining('secret') });
});

test('only an object is one', () => {
  expect(objectOf({ status: 200, json: { a: 1 } })).toEqual({ a: 1 });
  for (const json of [undefined, [], 'x', null]) {
    expect(() => objectOf({ status: 200, json })).toThrow(expect.objectContaining({ code: 'unavailable' }));
  }
});
