import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { findFreePort } from '../src/ports.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function occupy(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('a free preferred port is taken', async () => {
  const port = await findFreePort(0);
  expect(await findFreePort(port)).toBe(port);
});

test.each(['127.0.0.1', '::1'])('one that is in use on %s is not', async (host) => {
  const taken = await occupy(host);
  const found = await findFreePort(taken);
  expect(found).not.toBe(taken);
  expect(found - taken).toBeLessThanOrEqual(20);
});
