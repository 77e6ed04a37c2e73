import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startHermod } from '@asgard/devstack';
import type { ExchangeEvent, Logger } from '@asgard/odin';
import { listen } from '@asgard/odin/node';
import { findFreePorts } from '../real/ports.ts';
import { createInteropServer } from './fixture.ts';

/** Where a client connects: an HTTP endpoint, or a command whose standard streams it talks to. */
export type Endpoint = { kind: 'http'; url: URL } | { kind: 'stdio'; command: string; args: string[]; cwd: string };

export interface Target {
  endpoint: Endpoint;
  /** How each finished exchange was answered: `tools/call count held`. Empty for a server in another process. */
  answered: string[];
  /** What the server wrote to its log. Empty for a server in another process. */
  logged: object[];
  close(): Promise<void>;
}

const here = dirname(fileURLToPath(import.meta.url));

/** Writes down what a server in this process says of itself. */
function observe(): { answered: string[]; logged: object[]; logger: Logger; stop: () => void } {
  const answered: string[] = [];
  const logged: object[] = [];
  const hear = (message: unknown): void => {
    const { method, target, reply } = message as ExchangeEvent;
    answered.push(`${method} ${target ?? ''} ${reply}`);
  };
  subscribe('asgard:exchange', hear);
  const write = (fields: object): void => void logged.push(fields);
  return { answered, logged, logger: { error: write, warn: write }, stop: () => unsubscribe('asgard:exchange', hear) };
}

export async function startHttp(): Promise<Target> {
  const { logger, stop, ...seen } = observe();
  const server = await listen(createInteropServer({ logger }), { port: 0 });
  return {
    ...seen,
    endpoint: { kind: 'http', url: new URL('/mcp', server.url) },
    close: async () => {
      await server.close();
      stop();
    },
  };
}

/** The same server with the GRIP proxy in front: what lasts is held there. */
export async function startHeld(): Promise<Target> {
  const { logger, stop, ...seen } = observe();
  const key = 'base64:aW50ZXJvcC10ZXN0cy1vbmx5LWludGVyb3AtdGVzdHM=';
  const [port = 0] = await findFreePorts(1);
  const hermod = await startHermod({ upstream: `http://127.0.0.1:${port}`, port: 0, key });
  const odin = createInteropServer({ logger, hermod: { publisher: hermod.publisher, keys: [key] } });
  const server = await listen(odin, { port });
  return {
    ...seen,
    endpoint: { kind: 'http', url: new URL('/mcp', hermod.url) },
    close: async () => {
      await server.close();
      await hermod.close();
      stop();
    },
  };
}

/** A process of its own for every client; nothing to start or stop here. */
export async function startStdio(): Promise<Target> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const args = ['--conditions=@asgard/source', '--import', tsx, join(here, 'stdio-server.ts')];
  return {
    answered: [],
    logged: [],
    endpoint: { kind: 'stdio', command: process.execPath, args, cwd: here },
    close: async () => {},
  };
}
