import { rm } from 'node:fs/promises';
import { findFreePorts } from '../real/ports.ts';
import { type Pushpin, startPushpin } from '../real/pushpin.ts';
import { startBalancer } from './balancer.ts';
import { McpStream } from './mcp-stream.ts';
import { bundleOrigin, OriginProcess } from './origin-process.ts';

/** Of more requests at the very same moment, Pushpin 1.36 answers some with 502 before any origin sees them. */
const AT_ONCE = 50;

const KEY = `base64:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;

/** Client -> Pushpin -> (balancer) -> origins. */
export interface Chain {
  readonly pushpin: Pushpin;
  readonly origins: readonly [OriginProcess, ...OriginProcess[]];
  /** Calls a tool through the proxy. */
  call(name: string, args: object, options?: { readonly id?: string | number; readonly paused?: boolean }): McpStream;
  /** Subscribes to changes of the tools. */
  listen(): McpStream;
  /** Begins many, a few at a time; each has its first message when this resolves. */
  begin(amount: number, open: () => McpStream): Promise<McpStream[]>;
  close(): Promise<void>;
}

/** Starts real processes on free ports, with so many origins that may share a Redis. */
export async function startChain(originCount = 1, redisUrl?: string): Promise<Chain> {
  const [file, ports] = await Promise.all([bundleOrigin(), findFreePorts(originCount)]);
  const balancer = originCount > 1 ? await startBalancer(ports) : undefined;
  const pushpin = await startPushpin({ upstream: balancer?.url ?? `http://127.0.0.1:${ports[0]}`, key: KEY });
  const [first, ...others] = ports.map(
    (port, index) =>
      new OriginProcess(file, {
        port,
        replica: `origin-${index}`,
        proxy: { subscriberUrl: pushpin.subscriberUrl, key: KEY },
        ...(redisUrl !== undefined && { redisUrl }),
        ...(redisUrl !== undefined && balancer && { service: balancer.url }),
      }),
  );
  if (!first) throw new Error('a chain needs an origin');
  const origins: Chain['origins'] = [first, ...others];
  await Promise.all(origins.map((origin) => origin.start()));
  const url = `${pushpin.url}/mcp`;
  let ids = 0;
  return {
    pushpin,
    origins,
    call: (name, args, { id = `call-${ids++}`, paused = false } = {}) =>
      new McpStream(url, 'tools/call', { id, paused, params: { name, arguments: args } }),
    listen: () =>
      new McpStream(url, 'subscriptions/listen', {
        id: `listen:${ids++}`,
        params: { notifications: { toolsListChanged: true } },
      }),
    async begin(amount, open) {
      const streams: McpStream[] = [];
      while (streams.length < amount) {
        const batch = Array.from({ length: Math.min(AT_ONCE, amount - streams.length) }, open);
        streams.push(...(await Promise.all(batch.map((stream) => stream.has(1)))));
      }
      return streams;
    },
    async close() {
      await Promise.all(origins.map((origin) => origin.stop('SIGKILL')));
      await pushpin.close();
      await balancer?.close();
      await rm(file, { force: true });
    },
  };
}
