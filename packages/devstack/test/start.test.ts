import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { parseGripUrl } from '@asgard/grip';
import { afterEach, expect, test } from 'vitest';
import { type DevStack, type DevStackOptions, startDevStack } from '../src/start.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ url: request.url, headers: request.headers }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  return server;
}

async function start(options: Partial<DevStackOptions> = {}): Promise<DevStack> {
  const server = await serve();
  const stack = await startDevStack({ port: 0, serverPort: (server.address() as AddressInfo).port, ...options });
  closers.push(stack.close);
  return stack;
}

interface Seen {
  url: string;
  headers: Record<string, string>;
}

test('one public origin leads to the server and to the issuer', async () => {
  const { url, mcpUrl, issuer } = await start();
  expect(mcpUrl).toBe(`${url}/mcp`);
  for (const path of ['/mcp', '/.well-known/oauth-protected-resource/mcp', '/.odin/next/x']) {
    const seen = (await (await fetch(url + path)).json()) as Seen;
    expect(seen.url).toBe(path);
    expect(seen.headers.host).toBe(new URL(url).host);
    expect(seen.headers['grip-sig']).toMatch(/^\S+\.\S+\.\S+$/);
  }
  for (const path of [
    '/.well-known/oauth-authorization-server/heimdall/realms/asgard',
    '/heimdall/realms/asgard/.well-known/openid-configuration',
  ]) {
    expect(await (await fetch(url + path)).json()).toMatchObject({ issuer });
  }
  for (const path of ['/else', '/.odin/ready']) expect((await fetch(url + path)).status).toBe(404);
});

test('the gateway in front sends through Hermod what its routes say', async () => {
  const { mcpUrl, bifrost, hermod, gripUrl } = await start({
    edge: 'bifrost',
    routes: ({ server, hermod: held }) => [
      { name: 'mcp', paths: ['/mcp'], upstream: server },
      { name: 'held', paths: ['/mcp'], methods: ['GET'], upstream: held },
    ],
  });
  expect(new URL(mcpUrl).port).toBe(String(bifrost.port));
  const signed = async (method: string) =>
    ((await (await fetch(mcpUrl, { method })).json()) as Seen).headers['grip-sig'] !== undefined;
  expect([await signed('POST'), await signed('GET')]).toEqual([false, true]);
  expect(parseGripUrl(gripUrl)).toMatchObject({ urls: [hermod.subscriberUrl] });
});

test('a forged identity does not reach the server', async () => {
  const { mcpUrl } = await start();
  const forged = { 'x-userinfo': 'e30=', 'x-consumer-username': 'root', 'grip-last': 'c; last-id=1' };
  const { headers } = (await (await fetch(mcpUrl, { headers: forged })).json()) as Seen;
  for (const field of Object.keys(forged)) expect(headers).not.toHaveProperty(field);
});

test('the environment is complete, and its key differs with each start', async () => {
  const [one, two] = [await start(), await start()];
  const { environment, hermod } = one;
  expect(environment).toEqual({
    PORT: expect.stringMatching(/^\d+$/),
    HOST: '127.0.0.1',
    ASGARD_SECRETS: expect.stringMatching(/^[\w-]{43}$/),
    ASGARD_ADVERTISE: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    ASGARD_URL: one.mcpUrl,
    ASGARD_ISSUER: one.issuer,
    GRIP_URL: one.gripUrl,
  });
  const endpoint = parseGripUrl(one.gripUrl);
  expect(endpoint).toMatchObject({ kind: 'zeromq', urls: [hermod.subscriberUrl], verifyIssuer: 'asgard' });
  expect(endpoint.verifyKeys).not.toEqual(parseGripUrl(two.gripUrl).verifyKeys);
});

test('takes the next port when the preferred one is in use', async () => {
  const blocker = createTcpServer();
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  closers.push(() => blocker.close());
  const { port } = blocker.address() as AddressInfo;
  const stack = await start({ port });
  expect(new URL(stack.url).port).not.toBe(String(port));
  expect((await fetch(stack.mcpUrl)).status).toBe(200);
});

test('tells which stand-in an event is of', async () => {
  const sources = new Set<string>();
  const { mcpUrl } = await start({ onEvent: ({ source, type }) => sources.add(`${source} ${type}`) });
  await (await fetch(mcpUrl)).text();
  await expect
    .poll(() => [...sources])
    .toEqual(
      expect.arrayContaining([
        'hermod request',
        'bifrost request',
        'bifrost response',
        'hermod response',
        'hermod closed',
      ]),
    );
});

test.each([0, -1, 70_000, Number.NaN])('refuses the server port %s', async (serverPort) => {
  await expect(startDevStack({ serverPort })).rejects.toThrow(expect.objectContaining({ code: 'bad_option' }));
});
