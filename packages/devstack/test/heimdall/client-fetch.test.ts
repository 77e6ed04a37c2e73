import { expect, test, vi } from 'vitest';
import { createClientFetch } from '../../src/heimdall/client-fetch.ts';

function setup() {
  const fetcher = vi.fn(async () => new Response());
  return { fetcher, call: createClientFetch(fetcher as unknown as typeof fetch) };
}

const dispatcher = {};

test('calls clients of this machine, without the guard against just that', async () => {
  const { fetcher, call } = setup();
  const signal = AbortSignal.timeout(1_000);
  await call('http://127.0.0.1:1/logout', { method: 'POST', signal, dispatcher } as RequestInit);
  expect(fetcher.mock.calls).toEqual([['http://127.0.0.1:1/logout', { method: 'POST', signal }]]);
});

test('reads documents of others with the guard', async () => {
  const { fetcher, call } = setup();
  const options = { method: 'GET', dispatcher } as RequestInit;
  await call('https://app.example/client.json', options);
  expect(fetcher.mock.calls).toEqual([['https://app.example/client.json', options]]);
});

test.each<[string, string, RequestInit]>([
  ['reads nothing without the guard', 'https://app.example/client.json', { method: 'GET' }],
  ['reads nothing in the clear', 'http://10.0.0.1/client.json', { method: 'GET', dispatcher } as RequestInit],
  ['posts nothing', 'https://app.example/logout', { method: 'POST', dispatcher } as RequestInit],
])('%s elsewhere', async (_name, url, options) => {
  const { fetcher, call } = setup();
  await expect(call(url, options)).rejects.toThrow('is not on this machine');
  expect(fetcher).not.toHaveBeenCalled();
});

test.each<[string | undefined, boolean]>([
  ['application/json', true],
  ['application/json; charset=utf-8', true],
  ['application/client-metadata+json', true],
  ['text/html', false],
  ['text/plain; application/json', false],
  ['application/jsonp', false],
  [undefined, false],
])('takes %s for JSON: %s', async (type, isJson) => {
  const response = new Response(new Uint8Array(2), type === undefined ? {} : { headers: { 'content-type': type } });
  const call = createClientFetch(async () => response);
  const read = async (accept: string) =>
    call('https://app.example/c', { headers: { accept }, dispatcher } as RequestInit);
  expect(await read('application/jwk-set+json')).toBe(response);
  const outcome = read('application/json');
  await (isJson ? expect(outcome).resolves.toBe(response) : expect(outcome).rejects.toThrow('instead of JSON'));
});
