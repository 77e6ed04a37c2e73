import { randomBytes } from 'node:crypto';
import { formatGripUrl } from '@asgard/grip';
import { type Bifrost, startBifrost } from './bifrost/bifrost.ts';
import { type ChainPlaces, developmentRoutes } from './bifrost/development-routes.ts';
import type { BifrostEvent } from './bifrost/event.ts';
import type { GatewayRoute } from './bifrost/route.ts';
import { DevstackError } from './errors.ts';
import { startHeimdall } from './heimdall/heimdall.ts';
import type { HeimdallUser } from './heimdall/users.ts';
import type { HermodEvent } from './hermod/event.ts';
import { type Hermod, startHermod } from './hermod/hermod.ts';
import { findFreePort } from './ports.ts';

/** An event of one of the stand-ins, and which. */
export type DevStackEvent =
  | ({ readonly source: 'hermod' } & HermodEvent)
  | ({ readonly source: 'bifrost' } & BifrostEvent);

export interface DevStackOptions {
  /** Preferred public port; when it is taken, the next free one. 0 takes any. @default 7999 */
  readonly port?: number;
  /** Where the server listens, on 127.0.0.1. It need not run yet. */
  readonly serverPort: number;
  /** Path of the MCP endpoint. @default '/mcp' */
  readonly mcpPath?: string;
  /** Web pages that may call the MCP endpoint, as exact origins. @default the MCP Inspector's */
  readonly corsOrigins?: readonly string[];
  /**
   * The routes of the gateway, when they are more than the usual ones: `asgard dev` gives those of the project's settings. CORS is then theirs.
   *
   * @default the MCP endpoint, its metadata, the links of held calls and the issuer
   */
  readonly routes?: (places: ChainPlaces) => readonly GatewayRoute[];
  /** What clients reach: Hermod in front of all, or the gateway, which sends through Hermod what its routes say. @default 'hermod' */
  readonly edge?: 'hermod' | 'bifrost';
  /** Who can sign in. @default freya of valhalla, loki of jotunheim and baldur of both, whose passwords are their names */
  readonly users?: readonly HeimdallUser[];
  /** Audiences that the server may exchange its callers' tokens for. @default [] */
  readonly exchangeTargets?: readonly string[];
  readonly onEvent?: (event: DevStackEvent) => void;
}

/** The running chain: client -> Hermod -> Bifrost -> Heimdall and the server. */
export interface DevStack {
  /** Public origin, such as `http://localhost:7999`. */
  readonly url: string;
  /** The MCP endpoint, which is also the resource identifier that tokens are for. */
  readonly mcpUrl: string;
  readonly issuer: string;
  /** `GRIP_URL` for the server: where to publish, and how to know Hermod's requests. */
  readonly gripUrl: string;
  /** For the server's process: PORT, HOST, ASGARD_URL, ASGARD_ISSUER, GRIP_URL, ASGARD_SECRETS, ASGARD_ADVERTISE. */
  readonly environment: Readonly<Record<string, string>>;
  readonly users: readonly HeimdallUser[];
  readonly hermod: Hermod;
  readonly bifrost: Bifrost;
  /** Cuts every connection and stops all three. */
  close(): Promise<void>;
}

const DEFAULT_PORT = 7999;
const GRIP_ISSUER = 'asgard';
const INSPECTOR = ['http://localhost:6274', 'http://127.0.0.1:6274'];
const START_ATTEMPTS = 3;

/**
 * Starts the three stand-ins in one process and wires them. Every start makes a new signing key.
 *
 * @throws DevstackError `production_refused`, `bad_option`, `port_taken`, `listen_failed`
 */
export async function startDevStack(options: DevStackOptions): Promise<DevStack> {
  const { serverPort } = options;
  if (!Number.isInteger(serverPort) || serverPort < 1 || serverPort > 65_535) {
    throw new DevstackError('bad_option', `The option serverPort must be the port of the server, not ${serverPort}.`);
  }
  for (let attempt = 1; ; attempt += 1) {
    // The public port is part of the issuer, so it is chosen before anything listens, and may be gone by then.
    const port = await findFreePort(options.port ?? DEFAULT_PORT);
    try {
      return await startOn(port, options);
    } catch (error) {
      const lost = error instanceof DevstackError && error.code === 'port_taken';
      if (!lost || attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function startOn(port: number, options: DevStackOptions): Promise<DevStack> {
  const { serverPort, mcpPath = '/mcp', edge = 'hermod', onEvent = () => undefined } = options;
  const usual = { mcpPath, corsOrigins: options.corsOrigins ?? INSPECTOR };
  const routes = options.routes ?? ((places: ChainPlaces) => developmentRoutes(places, usual));
  const url = `http://localhost:${port}`;
  const mcpUrl = `${url}${mcpPath}`;
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  try {
    const heimdall = await startHeimdall({
      publicUrl: `${url}/heimdall/realms/asgard`,
      resources: [mcpUrl],
      ...(options.users ? { users: options.users } : {}),
      ...(options.exchangeTargets ? { exchangeTargets: options.exchangeTargets } : {}),
    });
    closers.push(heimdall.close);
    const server = `http://127.0.0.1:${serverPort}`;
    const key = `base64:${randomBytes(32).toString('base64')}`;
    const gateway = (hermodUrl: string, ownPort: number): Promise<Bifrost> =>
      startBifrost({
        routes: routes({ url, server, heimdall: heimdall.url, hermod: hermodUrl }),
        port: ownPort,
        onEvent: (event) => onEvent({ source: 'bifrost', ...event }),
      });
    const proxy = (upstream: string, ownPort: number): Promise<Hermod> =>
      startHermod({
        ...{ upstream, port: ownPort, key, issuer: GRIP_ISSUER },
        onEvent: (event) => onEvent({ source: 'hermod', ...event }),
      });
    const { bifrost, hermod } = await startEdge(edge, { gateway, proxy, server, port, closers });
    const gripUrl = gripUrlOf(hermod, key);
    return {
      url,
      mcpUrl,
      issuer: heimdall.issuer,
      gripUrl,
      environment: {
        PORT: String(serverPort),
        HOST: '127.0.0.1',
        ASGARD_URL: mcpUrl,
        ASGARD_ISSUER: heimdall.issuer,
        GRIP_URL: gripUrl,
        // The same for every restart of the server under this stack, so that held calls of the last one get their error.
        ASGARD_SECRETS: randomBytes(32).toString('base64url'),
        ASGARD_ADVERTISE: server,
      },
      users: heimdall.users,
      hermod,
      bifrost,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface EdgeParts {
  readonly gateway: (hermodUrl: string, port: number) => Promise<Bifrost>;
  readonly proxy: (upstream: string, port: number) => Promise<Hermod>;
  readonly server: string;
  readonly port: number;
  readonly closers: (() => Promise<void>)[];
}

/** Either of the two may be in front; the one behind listens first. */
async function startEdge(
  edge: 'hermod' | 'bifrost',
  { gateway, proxy, server, port, closers }: EdgeParts,
): Promise<{ bifrost: Bifrost; hermod: Hermod }> {
  if (edge === 'bifrost') {
    const hermod = await proxy(server, 0);
    closers.push(hermod.close);
    const bifrost = await gateway(hermod.url, port);
    closers.push(bifrost.close);
    return { bifrost, hermod };
  }
  // No route leads from the gateway to the proxy in front of it.
  const bifrost = await gateway(server, 0);
  closers.push(bifrost.close);
  const hermod = await proxy(bifrost.url, port);
  closers.push(hermod.close);
  return { bifrost, hermod };
}

/** ZeroMQ tells the server when a hold is live and when it is gone; HTTP is what remains without it. */
function gripUrlOf({ subscriberUrl, publishUrl, publishToken }: Hermod, key: string): string {
  const signature = { verifyIssuer: GRIP_ISSUER, verifyKeys: [key] };
  if (subscriberUrl !== undefined) return formatGripUrl({ kind: 'zeromq', urls: [subscriberUrl], ...signature });
  return formatGripUrl({
    kind: 'http',
    controlUrl: publishUrl ?? '',
    ...(publishToken === undefined ? {} : { key: publishToken }),
    ...signature,
  });
}
