import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startBifrost, startHermod } from '@asgard/devstack';
import { toGatewayRoutes } from '../../../packages/asgard/src/infra/gateway-routes.ts';
import { resolveSettings } from '../../../packages/asgard/src/infra/resolve-settings.ts';
import { infraRoutes } from '../../../packages/asgard/src/infra/routes.ts';
import { bundleOrigin } from '../../../tests/faults/origin-process.ts';
import { findFreePorts } from '../../../tests/real/ports.ts';
import { startPushpin } from '../../../tests/real/pushpin.ts';
import { KEY, odinEnvironment, type Subject, startSubject } from '../holds/subject.ts';

/** One way from a client to a server of its own. */
export interface Way {
  readonly name: string;
  readonly url: string;
}

interface Proxy {
  readonly url: string;
  readonly subscriberUrl?: string | undefined;
  close(): Promise<void>;
}

type StartProxy = (upstream: string) => Promise<Proxy>;
type Closers = (() => Promise<unknown>)[];

export const DIRECT = 'direct';

/** Every way, and what ends them all. The gateway is the stand-in in all of them. */
export async function openWays(): Promise<{ ways: Way[]; close(): Promise<void> }> {
  const closers: Closers = [];
  const close = async (): Promise<void> => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  try {
    const file = await bundleOrigin(fileURLToPath(new URL('../holds/servers/odin.ts', import.meta.url)));
    closers.push(() => rm(file, { force: true }));
    const start = (name: string, build: Build): Promise<Way> => openWay(name, { file, build, closers });
    const ways = [await start(DIRECT, async () => ({}))];
    for (const [kind, startProxy] of PROXIES) {
      ways.push(await start(`${kind}`, (odin) => onlyProxy(odin, startProxy, closers)));
      ways.push(await start(`${kind}, gateway behind`, (odin) => edgeHermod(odin, startProxy, closers)));
      ways.push(await start(`${kind}, gateway before`, (odin) => edgeBifrost(odin, startProxy, closers)));
    }
    return { ways, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const PROXIES: readonly (readonly [string, StartProxy])[] = [
  ['stand-in', (upstream) => startHermod({ upstream, key: KEY })],
  ['Pushpin', (upstream) => startPushpin({ upstream, key: KEY })],
];

interface Entrance {
  /** Where clients go; the server itself when it is not said. */
  readonly url?: string;
  /** Where the server publishes. */
  readonly subscriberUrl?: string | undefined;
}
type Build = (odin: string) => Promise<Entrance>;

async function openWay(
  name: string,
  { file, build, closers }: { file: string; build: Build; closers: Closers },
): Promise<Way> {
  const [port = 0] = await findFreePorts(1);
  const { url, subscriberUrl } = await build(`http://127.0.0.1:${port}`);
  const env =
    subscriberUrl === undefined ? { PORT: String(port), ASGARD_AUTH: 'none' } : odinEnvironment(port, subscriberUrl);
  const subject: Subject = await startSubject(file, { env, ...(url !== undefined && { proxyUrl: url }) });
  closers.push(() => subject.end());
  return { name, url: subject.url };
}

async function onlyProxy(odin: string, startProxy: StartProxy, closers: Closers): Promise<Entrance> {
  const proxy = await startProxy(odin);
  closers.push(() => proxy.close());
  return proxy;
}

/** `edge: hermod`: client, proxy, gateway, server. */
async function edgeHermod(odin: string, startProxy: StartProxy, closers: Closers): Promise<Entrance> {
  const gateway = await startGateway('hermod', { odin, hermod: NOBODY, heimdall: NOBODY });
  closers.push(() => gateway.close());
  return onlyProxy(gateway.url, startProxy, closers);
}

/** `edge: bifrost`: client, gateway, and the proxy only for what is held. */
async function edgeBifrost(odin: string, startProxy: StartProxy, closers: Closers): Promise<Entrance> {
  const proxy = await onlyProxy(odin, startProxy, closers);
  const gateway = await startGateway('bifrost', { odin, hermod: proxy.url ?? NOBODY, heimdall: NOBODY });
  closers.push(() => gateway.close());
  return { url: gateway.url, subscriberUrl: proxy.subscriberUrl };
}

const NOBODY = 'http://127.0.0.1:1';

function startGateway(
  edge: 'hermod' | 'bifrost',
  places: Record<'odin' | 'hermod' | 'heimdall', string>,
): Promise<Proxy> {
  const config = JSON.stringify({ infra: { edge, tools: { held: { hold: true } } } });
  const settings = resolveSettings({ name: 'bench', config, env: {}, flags: {}, hasDockerfile: true });
  return startBifrost({ routes: toGatewayRoutes(infraRoutes(settings), places, settings) });
}
