import { expect, test } from 'vitest';
import { type ClientDocumentRouteOptions, withClientDocument } from '../../src/registration/document-route.ts';
import { formatClientDocument } from '../../src/registration/metadata-document.ts';

const client = { url: 'https://app.example/oauth/client.json', name: 'Þór', redirectUris: ['https://app.example/cb'] };

function setup(options: Partial<ClientDocumentRouteOptions> = {}) {
  const others: string[] = [];
  const handle = withClientDocument(
    (request) => {
      others.push(new URL(request.url).pathname);
      return new Response('other');
    },
    { ...client, ...options },
  );
  const call = async (url: string, method = 'GET'): Promise<Response> => handle(new Request(url, { method }));
  return { call, others };
}

test('the document is served at its own path, under whatever host a proxy says', async () => {
  const { call, others } = setup();
  for (const url of [client.url, 'http://10.0.0.7:8080/oauth/client.json']) {
    const response = await call(url);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      ...{ 'content-type': 'application/json', 'cache-control': 'public, max-age=3600' },
      ...{ 'x-content-type-options': 'nosniff', 'content-length': expect.stringMatching(/^\d+$/) },
    });
    const bytes = await response.arrayBuffer();
    expect(bytes.byteLength).toBe(Number(response.headers.get('content-length')));
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(formatClientDocument(client));
  }
  expect(others).toEqual([]);
});

test('HEAD has the same headers and no body; nothing else is let in', async () => {
  const { call, others } = setup({ maxAgeSeconds: 60 });
  const [get, head] = [await call(client.url), await call(client.url, 'HEAD')];
  expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(get.headers));
  expect([head.headers.get('cache-control'), await head.text()]).toEqual(['public, max-age=60', '']);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const response = await call(client.url, method);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  }
  expect(others).toEqual([]);
});

test('every other path goes to the handler', async () => {
  const { call, others } = setup();
  for (const path of ['/', '/oauth/client.jsonx', '/oauth/client.json/', '/OAUTH/client.json', '//oauth/client.json']) {
    expect(await (await call(`https://app.example${path}`)).text()).toBe('other');
  }
  expect(others).toHaveLength(5);
});

test.each([{ url: 'http://app.example/c' }, { redirectUris: [] }, { maxAgeSeconds: -1 }])('refuses %j', (change) => {
  expect(() => setup(change)).toThrow(expect.objectContaining({ code: 'bad_option' }));
});
