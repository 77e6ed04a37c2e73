import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { DevstackError } from '../errors.ts';

export interface ListenerOptions {
  readonly name: string;
  /** A loopback host; the caller has checked it. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Cap of a request's header block. @default 32768 */
  readonly maxHeaderBytes?: number;
  /** Answers what cannot be parsed, such as a header block over the cap. */
  readonly onMalformed?: (error: NodeJS.ErrnoException, socket: Duplex) => void;
}

export interface Listener {
  readonly port: number;
  /** Stops listening and cuts every open connection. */
  close(): Promise<void>;
}

const DEFAULT_HEADER_BYTES = 32 * 1024;
/** Longer than a client's own idle time, so that the client is the one to close and never meets a closing socket. */
const KEEP_ALIVE_MS = 65_000;
const PAIR_ATTEMPTS = 8;

/**
 * Listens on the host, and on `::1` with the same port when the host is 127.0.0.1: `localhost` resolves to either.
 *
 * @throws DevstackError `port_taken`, `listen_failed`
 */
export async function createListener(handler: RequestListener, options: ListenerOptions): Promise<Listener> {
  const { host, port } = options;
  const paired = host === '127.0.0.1' || host === 'localhost';
  for (let attempt = 1; ; attempt += 1) {
    const first = await listen(handler, options, paired ? '127.0.0.1' : host, port);
    if (!paired) return asListener([first]);
    const chosen = portOf(first);
    try {
      const second = await listen(handler, options, '::1', chosen);
      return asListener([first, second]);
    } catch (error) {
      if (error instanceof DevstackError && error.code === 'listen_failed') return asListener([first]);
      await closeServer(first);
      // The other family has this port: with a free choice take another one, otherwise `localhost` would be ambiguous.
      if (port !== 0 || attempt === PAIR_ATTEMPTS) throw error;
    }
  }
}

async function listen(handler: RequestListener, options: ListenerOptions, host: string, port: number): Promise<Server> {
  const server = createServer({ maxHeaderSize: options.maxHeaderBytes ?? DEFAULT_HEADER_BYTES }, handler);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  if (options.onMalformed) server.on('clientError', options.onMalformed);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      const advice = taken ? 'Choose another port, or 0 for a free one.' : cause.message;
      reject(
        new DevstackError(
          taken ? 'port_taken' : 'listen_failed',
          `${options.name} cannot listen on ${host} port ${port}. ${advice}`,
          { cause },
        ),
      );
    });
    server.listen({ host, port, exclusive: true }, resolve);
  });
  return server;
}

function asListener(servers: readonly [Server, ...Server[]]): Listener {
  return {
    port: portOf(servers[0]),
    close: async () => {
      await Promise.all(servers.map(closeServer));
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
