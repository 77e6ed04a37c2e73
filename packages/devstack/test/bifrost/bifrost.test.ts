import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Bifrost, type BifrostOptions, startBifrost } from '../../src/bifrost/bifrost.ts';
import type { BifrostEvent } from '../../src/bifrost/event.ts';
import { createListener } from '../../src/http/listener.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(options: Partial<BifrostOptions> = {}): Promise<Bifrost> {
  const service = await createListener((request, response) => request.resume().once('end', () => response.end('ok')), {
    name: 'Service',
    host: '127.0.0.1',
    port: 0,
  });
  const routes = [{ name: 'all', paths: ['/'], upstream: `http://127.0.0.1:${service.port}` }];
  const bifrost = await startBifrost({ routes, ...options });
  closers.push(service.close, bifrost.close);
  return bifrost;
}

const postChunked = (url: string, bytes: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.write(Buffer.alloc(bytes / 2));
    request.end(Buffer.alloc(bytes / 2));
  });

test('refuses to listen for others', async () => {
  await expect(startBifrost({ routes: [], host: '0.0.0.0' })).rejects.toThrow(
    expect.objectContaining({ code: 'host_refused' }),
  );
});

test('counts a body whose length nobody declared', async () => {
  const { url } = await start({ maxBodyBytes: 1000 });
  expect(await postChunked(url, 1000)).toBe(200);
  expect(await postChunked(url, 1002)).toBe(413);
});

test('answers what it cannot parse in JSON, and closes', async () => {
  const { port } = await start({ randomUUID: () => 'id-1' });
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.once('end', () => resolve(text));
    socket.once('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual({ message: 'Bad request', request_id: 'id-1' });
});

test('tells of each request and its end', async () => {
  const events: BifrostEvent[] = [];
  let now = 0;
  const { url } = await start({
    onEvent: (event) => events.push(event),
    randomUUID: () => 'id-1',
    now: () => {
      now += 5;
      return now;
    },
  });
  await (await fetch(`${url}/x?y=1`)).text();
  await expect
    .poll(() => events)
    .toEqual([
      { type: 'request', requestId: 'id-1', method: 'GET', path: '/x?y=1', route: 'all' },
      { type: 'response', requestId: 'id-1', route: 'all', status: 200, durationMs: 5, aborted: false },
    ]);
});
