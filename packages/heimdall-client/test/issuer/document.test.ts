import { expect, test } from 'vitest';
import { createDocumentReader } from '../../src/issuer/document.ts';

const url = 'https://heimdall.example/certs';

function reading(answer: () => Response | Promise<Response>) {
  return createDocumentReader({ fetch: async () => answer(), requestTimeoutMs: 1_000 })(url);
}

test('reads a JSON object', async () => {
  expect(await reading(() => Response.json({ keys: [] }))).toEqual({ keys: [] });
});

test('sends a form', async () => {
  let sent: Request | undefined;
  const read = createDocumentReader({
    requestTimeoutMs: 1_000,
    fetch: async (input, init) => {
      sent = new Request(input, init);
      return Response.json({ active: true });
    },
  });
  const form = { body: new URLSearchParams({ token: 'a&b' }), headers: { authorization: 'Basic x' } };
  expect(await read(url, form)).toEqual({ active: true });
  expect(sent).toMatchObject({ method: 'POST', url });
  expect(sent?.headers.get('authorization')).toBe('Basic x');
  expect(await sent?.text()).toBe('token=a%26b');
});

test('asks for JSON, follows no redirect and does not wait for ever', async () => {
  const seen: RequestInit[] = [];
  const read = createDocumentReader({
    requestTimeoutMs: 20,
    fetch: (_input, init) => {
      seen.push(init ?? {});
      return new Promise((_resolve, reject) =>
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
      );
    },
  });
  await expect(read(url)).rejects.toMatchObject({ code: 'unavailable', cause: { name: 'TimeoutError' } });
  expect(seen[0]).toMatchObject({ redirect: 'manual', headers: { accept: 'application/json' } });
});

test.each([400, 401, 403, 404, 410])('status %i: there is no such document', async (status) => {
  expect(await reading(() => new Response('no', { status }))).toBeUndefined();
});

test.each<[string, () => Response]>([
  ['a redirect', () => Response.redirect('https://evil.example/', 302)],
  ['an overloaded issuer', () => new Response('slow down', { status: 429 })],
  ['a broken issuer', () => new Response('no', { status: 500 })],
  ['a page', () => new Response('<html>')],
  ['an array', () => Response.json([])],
  ['no body', () => new Response(null)],
  ['a flood', () => new Response(`{"keys":"${'x'.repeat(600_000)}"}`)],
  [
    'a network error',
    () => {
      throw new TypeError('fetch failed');
    },
  ],
])('%s: unavailable', async (_name, answer) => {
  await expect(reading(answer)).rejects.toMatchObject({ code: 'unavailable', status: 503 });
});
