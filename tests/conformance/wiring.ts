import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { startBifrost, startHermod } from '@asgard/devstack';
import { createXpubPublisher } from '@asgard/grip/zeromq';
import { listen } from '@asgard/odin/node';
import { createFixture } from './fixture/server.ts';

/** The ways from the suite to the server under test. */
export const wirings = ['direct', 'hermod', 'chain'] as const;
export type Wiring = (typeof wirings)[number];

export interface Wired {
  /** MCP endpoint for the suite. */
  url: string;
  close(): Promise<void>;
}

type Closer = () => Promise<unknown>;

/** Starts the fixture server and what stands before it: nothing, the GRIP proxy, or the proxy and the gateway. */
export async function wire(wiring: Wiring): Promise<Wired> {
  if (wiring === 'direct') {
    const server = await listen(createFixture(), { port: 0 });
    return { url: new URL('/mcp', server.url).href, close: async () => void (await server.close()) };
  }
  const closers: Closer[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.reverse()) await closer();
  };
  try {
    const serverPort = await findFreePort();
    const server = `http://127.0.0.1:${serverPort}`;
    const upstream = wiring === 'chain' ? await startGateway(server, closers) : server;
    const key = `base64:${randomBytes(32).toString('base64')}`;
    const hermod = await startHermod({ upstream, port: 0, key, subscriberPort: 0 });
    closers.push(() => hermod.close());
    const publisher = createXpubPublisher({ urls: [String(hermod.subscriberUrl)] });
    closers.push(() => publisher.close());
    const odin = createFixture({ hermod: { publisher, keys: [key] } });
    const listening = await listen(odin, { port: serverPort });
    closers.push(() => listening.close());
    return { url: new URL('/mcp', hermod.url).href, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startGateway(upstream: string, closers: Closer[]): Promise<string> {
  const bifrost = await startBifrost({ port: 0, routes: [{ name: 'server', paths: ['/'], upstream }] });
  closers.push(() => bifrost.close());
  return bifrost.url;
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
