import { randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { signIn, startDevStack, startHermod } from '@asgard/devstack';
import { createXpubPublisher } from '@asgard/grip/zeromq';
import type { ExchangeEvent, ReplyKind } from '@asgard/odin';
import { fromEnvironment, listen } from '@asgard/odin/node';
import { findFreePorts } from '../real/ports.ts';
import { startPushpin } from '../real/pushpin.ts';
import { startBearer } from './bearer.ts';
import { createFixture } from './fixture/server.ts';

/**
 * The ways from the suite to the server under test. `chain`: the GRIP proxy, then the gateway, and an issuer whose tokens the server demands; the
 * server is set up as in production, from the environment.
 */
export const wirings = ['direct', 'hermod', 'pushpin', 'chain'] as const;
export type Wiring = (typeof wirings)[number];

export interface Wired {
  /** MCP endpoint for the suite. */
  url: string;
  /** How many exchanges were answered in which way. */
  answered: Readonly<Record<ReplyKind, number>>;
  close(): Promise<void>;
}

interface Proxy {
  url: string;
  subscriberUrl?: string | undefined;
  close(): Promise<void>;
}

type Closer = () => Promise<unknown>;

/** Starts the fixture server and what stands before it. */
export async function wire(wiring: Wiring): Promise<Wired> {
  const closers: Closer[] = [];
  const answered = { json: 0, sse: 0, held: 0, stdio: 0 };
  const count = (message: unknown): void => {
    answered[(message as ExchangeEvent).reply] += 1;
  };
  subscribe('asgard:exchange', count);
  closers.push(async () => unsubscribe('asgard:exchange', count));
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { url: new URL('/mcp', await start(wiring, closers)).href, answered, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(wiring: Wiring, closers: Closer[]): Promise<string> {
  const [port = 0] = await findFreePorts(1);
  if (wiring === 'direct') {
    const server = await listen(await createFixture(), { port });
    closers.push(() => server.close());
    return server.url;
  }
  if (wiring === 'chain') return startChain(port, closers);
  const key = `base64:${randomBytes(32).toString('base64')}`;
  const upstream = `http://127.0.0.1:${port}`;
  const proxy = await startProxy(wiring, upstream, key);
  closers.push(() => proxy.close());
  if (proxy.subscriberUrl === undefined) throw new Error('The proxy has no ZeroMQ address to publish to');
  const publisher = createXpubPublisher({ urls: [proxy.subscriberUrl] });
  const server = await listen(await createFixture({ hermod: { publisher, keys: [key] } }), { port });
  closers.push(() => server.close());
  return proxy.url;
}

function startProxy(wiring: Wiring, upstream: string, key: string): Promise<Proxy> {
  return wiring === 'pushpin'
    ? startPushpin({ upstream, key })
    : startHermod({ upstream, key, port: 0, subscriberPort: 0 });
}

async function startChain(serverPort: number, closers: Closer[]): Promise<string> {
  const stack = await startDevStack({ port: 0, serverPort });
  closers.push(() => stack.close());
  const server = await listen(await createFixture(fromEnvironment(stack.environment)), { port: serverPort });
  closers.push(() => server.close());
  const { accessToken } = await signIn({ issuer: stack.issuer, user: 'freya', resource: stack.mcpUrl });
  await refuseWithoutToken(stack.mcpUrl);
  const bearer = await startBearer(new URL(stack.url), accessToken);
  closers.push(() => bearer.close());
  return bearer.url;
}

/** A score of the chain says nothing if it serves everybody. */
async function refuseWithoutToken(url: string): Promise<void> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const { status } = await fetch(url, { method: 'POST', headers, body });
  if (status !== 401) throw new Error(`The chain answers ${status} to who has no token, not 401`);
}
