import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { HermodEvent } from '../../src/hermod/event.ts';
import { type Hermod, type HermodOptions, startHermod } from '../../src/hermod/hermod.ts';

const key = `base64:${randomBytes(32).toString('base64')}`;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(options: Partial<HermodOptions> = {}): Promise<Hermod & { events: HermodEvent[] }> {
  const origin = createServer((request, response) => {
    const channel = (request.url ?? '').slice(1);
    if (channel === 'plain') response.end('plain');
    else response.writeHead(200, { 'grip-hold': 'stream', 'grip-channel': channel }).end('open.');
  });
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
  const events: HermodEvent[] = [];
  const upstream = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
  const hermod = await startHermod({
    upstream,
    key,
    subscriberPort: false,
    onEvent: (event) => events.push(event),
    ...options,
  });
  closers.push(
    () => origin.close(),
    () => origin.closeAllConnections(),
    hermod.close,
  );
  return { ...hermod, events };
}

const read = async (response: Response): Promise<string> => response.text();

test.each<[string, Partial<HermodOptions>, string]>([
  ['a host that others reach', { host: '0.0.0.0' }, 'host_refused'],
  ['a short key', { key: 'changeme' }, 'bad_option'],
  ['an upstream that is no URL', { upstream: 'localhost:8000' }, 'bad_option'],
])('refuses %s', async (_what, options, code) => {
  await expect(startHermod({ upstream: 'http://127.0.0.1:1', key, ...options })).rejects.toThrow(
    expect.objectContaining({ code }),
  );
});

test('the publisher of the same process knows when a hold is live and when it is gone', async () => {
  const { url, publisher, stats } = await start();
  const heard: string[] = [];
  const live = new Promise<void>((resolve) => {
    publisher.monitor.onSubscribe((channel) => {
      heard.push(`+${channel}`);
      resolve();
    });
  });
  publisher.monitor.onUnsubscribe((channel) => heard.push(`-${channel}`));
  const response = await fetch(`${url}/c1`);
  await live;
  expect(stats()).toMatchObject({ held: 1, channels: 1 });
  await publisher.publish({ channel: 'c1', format: { kind: 'http-stream', content: 'item.' } });
  await publisher.publish({ channel: 'c1', format: { kind: 'http-stream', action: 'close' } });
  expect(await read(response)).toBe('open.item.');
  await expect.poll(() => heard).toEqual(['+c1', '-c1']);
  expect(stats()).toMatchObject({ held: 0, channels: 0 });
});

test('tells each step of a held request and of a plain one', async () => {
  const { url, publisher, events } = await start();
  const response = await fetch(`${url}/c2`, { headers: { 'mcp-method': 'tools/call' } });
  await publisher.publish({ channel: 'c2', format: { kind: 'http-stream', content: 'item.' } });
  await publisher.publish({ channel: 'c2', id: '7', format: { kind: 'http-stream', action: 'close' } });
  await read(response);
  await read(await fetch(`${url}/plain`));
  await expect.poll(() => events.length).toBe(9);
  expect(events).toMatchObject([
    { type: 'request', id: '1', method: 'GET', path: '/c2', headers: { 'mcp-method': 'tools/call' } },
    { type: 'held', id: '1', mode: 'stream', status: 200, channels: ['c2'], body: 'open.' },
    { type: 'published', channel: 'c2', kind: 'http-stream', receivers: 1, content: 'item.' },
    { type: 'published', channel: 'c2', itemId: '7', via: 'process', kind: 'close', receivers: 1, content: '' },
    { type: 'released', id: '1', cause: 'close' },
    { type: 'closed', id: '1', aborted: false },
    { type: 'request', id: '2' },
    { type: 'response', id: '2', status: 200 },
    { type: 'closed', id: '2', aborted: false },
  ]);
});

test('without zeromq it says so and goes on', async () => {
  const { events, subscriberUrl, publishUrl } = await start({
    subscriberPort: 0,
    loadZeroMq: () => Promise.reject(new Error('Cannot find package')),
  });
  expect(subscriberUrl).toBeUndefined();
  expect(publishUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(events).toEqual([
    { type: 'disabled', part: 'zeromq', reason: expect.stringContaining('Cannot find package') },
  ]);
});

test('the publish port demands its token', async () => {
  const { publishUrl, publishToken, events } = await start();
  const post = (authorization?: string, path = '/publish/', method = 'POST'): Promise<Response> =>
    fetch(`${publishUrl}${path}`, {
      method,
      ...(method === 'POST' ? { body: '{"items":[{"channel":"c","formats":{"http-stream":{"content":"x"}}}]}' } : {}),
      headers: { accept: 'application/json', ...(authorization ? { authorization } : {}) },
    });
  expect((await post()).status).toBe(401);
  expect((await post('Bearer wrong')).status).toBe(401);
  expect((await post(`Basic ${publishToken}`)).status).toBe(401);
  expect((await post(`Bearer ${publishToken}`, '/recover')).status).toBe(404);
  expect((await post(`Bearer ${publishToken}`, '/publish/', 'GET')).status).toBe(405);
  const done = await post(`Bearer ${publishToken}`);
  expect([done.status, await done.json()]).toEqual([200, { message: 'Published' }]);
  expect(events.filter(({ type }) => type === 'published')).toMatchObject([{ via: 'http', receivers: 0 }]);
});

test('a publish of more than a megabyte is refused', async () => {
  const { publishUrl, publishToken } = await start();
  const response = await fetch(`${publishUrl}/publish/`, {
    method: 'POST',
    body: JSON.stringify({ items: [], padding: 'x'.repeat(1_000_001) }),
    headers: { authorization: `Bearer ${publishToken}` },
  });
  expect(response.status).toBe(400);
});

test('frames that are no items are counted and harm nobody', async () => {
  const { XPublisher } = await import('zeromq');
  const { subscriberUrl, url, stats, events } = await start({ subscriberPort: 0 });
  const socket = new XPublisher({ linger: 0 });
  closers.push(() => socket.close());
  socket.connect(subscriberUrl ?? '');
  const response = await fetch(`${url}/c3`);
  await socket.receive();
  for (const frames of [
    ['c3'],
    ['c3', 'Xnope'],
    ['c3', 'J{'],
    ['c3', 'J{}', 'more'],
    ['c3', Buffer.from([0x4a, 0xff])],
  ]) {
    await socket.send(frames);
  }
  await socket.send(['c3', 'J{"formats":{"http-stream":{"action":"close"}}}']);
  expect(await read(response)).toBe('open.');
  expect(stats().garbage).toBe(5);
  expect(events.filter(({ type }) => type === 'dropped').length).toBe(5);
});

test('close cuts what is held', async () => {
  const { url, close } = await start();
  const response = await fetch(`${url}/c4`);
  await close();
  await expect(read(response)).rejects.toThrow();
});
