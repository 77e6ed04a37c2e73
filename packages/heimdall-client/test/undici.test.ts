import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPooledFetch, type PooledFetch } from '../src/undici.ts';

let server: Server;
let origin: string;
let pool: PooledFetch;
let open = 0;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await textOf(request);
    const { method, url, headers } = request;
    if (url === '/empty') return response.writeHead(204).end();
    if (url === '/away') return response.writeHead(302, { location: '/elsewhere' }).end();
    if (url === '/never') return undefined;
    response.setHeader('content-type', 'application/json').setHeader('set-cookie', ['a=1', 'b=2']);
    return response.end(
      JSON.stringify({ method, url, type: headers['content-type'], custom: headers['x-custom'], body }),
    );
  });
  server.on('connection', () => {
    open += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  pool = createPooledFetch({ connections: 2 });
});
afterAll(async () => {
  server.closeAllConnections();
  await pool.close();
  await new Promise((resolve) => server.close(resolve));
});

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

test('gets, with headers and query', async () => {
  const response = await pool.fetch(new URL(`${origin}/a?b=c`), { headers: { 'X-Custom': 'y' } });
  expect(response.status).toBe(200);
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(await response.json()).toEqual({ method: 'GET', url: '/a?b=c', custom: 'y', body: '' });
});

test('posts a form', async () => {
  const response = await pool.fetch(`${origin}/f`, { method: 'POST', body: new URLSearchParams({ token: 'a b' }) });
  expect(await response.json()).toEqual({
    ...{ method: 'POST', url: '/f', type: 'application/x-www-form-urlencoded;charset=UTF-8', body: 'token=a+b' },
  });
});

test('an answer without body, and one that leads elsewhere, are answers', async () => {
  expect(await pool.fetch(`${origin}/empty`)).toMatchObject({ status: 204, body: null });
  const away = await pool.fetch(`${origin}/away`);
  expect([away.status, away.headers.get('location')]).toEqual([302, '/elsewhere']);
  await away.body?.cancel();
});

test('opens no more connections than it may', async () => {
  const before = open;
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => pool.fetch(`${origin}/${n}`)));
  await Promise.all(answers.map((answer) => answer.text()));
  expect(open - before).toBeLessThanOrEqual(2);
});

test('can be given up, and tells that nobody answers', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(pool.fetch(`${origin}/never`, { signal })).rejects.toThrow('enough');
  await expect(pool.fetch('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('refuses what it does not know', async () => {
  await expect(pool.fetch(new Request(origin))).rejects.toThrow(TypeError);
  await expect(pool.fetch(origin, { method: 'POST', body: new Uint8Array(1) })).rejects.toThrow(TypeError);
});
