import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type DevUser, formatOrganizations, type Stack } from '../dev/stack.ts';
import { createCalls } from './calls.ts';
import type { Feed } from './feed.ts';
import type { ConsoleInfo } from './info.ts';
import type { CreateMcpClient } from './mcp-client.ts';
import { createHandler } from './routes.ts';
import { createUsers } from './users.ts';

export interface ConsoleOptions {
  readonly feed: Feed;
  /** Version of this package. */
  readonly version: string;
  /** Name of the project. */
  readonly name: string;
  readonly stack: Pick<Stack, 'mcpUrl' | 'issuer' | 'users'>;
  /** Preferred port; the next free one when it is taken, 0 for any. */
  readonly port: number;
  /** Signs a development user in and answers with an access token. */
  readonly signIn: (user: DevUser) => Promise<string>;
  readonly createClient: CreateMcpClient;
}

/** The page of a running `asgard dev`, on a port of its own that only this machine reaches. */
export interface Console {
  /** `http://127.0.0.1:8999/` */
  readonly url: string;
  close(): Promise<void>;
}

export type StartConsole = (options: Omit<ConsoleOptions, 'createClient'>) => Promise<Console>;

const HOST = '127.0.0.1';
const NEIGHBOURS = 20;

export async function startConsole(options: ConsoleOptions): Promise<Console> {
  const { feed, version, name, stack, signIn, createClient } = options;
  const { mcpUrl, issuer } = stack;
  const info: ConsoleInfo = {
    ...{ version, name, mcpUrl, issuer },
    // Without their passwords: the page has no use for them.
    users: stack.users.map((user) => ({ username: user.username, organizations: formatOrganizations(user) })),
  };
  const server = createServer();
  const port = await listen(server, options.port);
  const handle = createHandler({
    gate: { port, token: randomBytes(32).toString('base64url') },
    info,
    feed,
    users: createUsers({ users: stack.users, mcpUrl, version, signIn, createClient, now: Date.now }),
    calls: createCalls(randomUUID),
  });
  server.on('request', (request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  return {
    url: `http://${HOST}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, preferred: number): Promise<number> {
  const neighbours = Array.from({ length: preferred === 0 ? 0 : NEIGHBOURS }, (_, index) => preferred + index);
  for (const port of [...neighbours.filter((candidate) => candidate <= 65_535), 0]) {
    const taken = await tryPort(server, port);
    if (taken !== undefined) return taken;
  }
  throw new Error('unreachable: port 0 is never taken');
}

function tryPort(server: Server, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      server.off('listening', ready);
      if (error.code === 'EADDRINUSE' && port !== 0) resolve(undefined);
      else reject(error);
    };
    const ready = (): void => {
      server.off('error', failed);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : undefined);
    };
    server.once('error', failed);
    server.once('listening', ready);
    server.listen({ host: HOST, port, exclusive: true });
  });
}
