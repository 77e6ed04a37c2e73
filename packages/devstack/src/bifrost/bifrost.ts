import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { DevstackError } from '../errors.ts';
import { createListener } from '../http/listener.ts';
import { createUpstream } from '../http/upstream.ts';
import { verifyDevelopmentOnly } from '../loopback.ts';
import type { BifrostEvent } from './event.ts';
import { createGateway } from './gateway.ts';
import { createRateLimit } from './rate-limit.ts';
import type { GatewayRoute } from './route.ts';
import { compileRoutes } from './route-table.ts';
import { createTokenCheck, type GatewayTokens } from './token-check.ts';

export interface BifrostOptions {
  /** 0 takes any free port. @default 0 */
  readonly port?: number;
  /** Loopback only. @default '127.0.0.1', with `::1` beside it */
  readonly host?: string;
  readonly routes: readonly GatewayRoute[];
  /** Whose tokens pass the routes that need one. Needed when there are such routes. @default no route asks for one */
  readonly tokens?: GatewayTokens;
  /** Larger bodies are refused with 413. @default 4194304 (4 MiB) */
  readonly maxBodyBytes?: number;
  readonly onEvent?: (event: BifrostEvent) => void;
  /** Request ids, for requests that bring none. @default crypto.randomUUID */
  readonly randomUUID?: () => string;
  /** Milliseconds of a clock that never goes back, for durations. @default performance.now */
  readonly now?: () => number;
  /** Epoch milliseconds, for limits by the minute. @default Date.now */
  readonly wallClock?: () => number;
}

export interface Bifrost {
  readonly url: string;
  readonly port: number;
  /** Cuts every connection and stops. */
  close(): Promise<void>;
}

const MAX_HEADER_BYTES = 32 * 1024;
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Starts the gateway stand-in. It routes, cleans headers, and with `tokens` checks the bearer; the server behind it checks it again.
 *
 * @throws DevstackError `production_refused`, `host_refused`, `bad_option`, `port_taken`, `listen_failed`
 */
export async function startBifrost(options: BifrostOptions): Promise<Bifrost> {
  const host = options.host ?? '127.0.0.1';
  verifyDevelopmentOnly({ name: 'Bifrost', host });
  const routes = compileRoutes(options.routes);
  const unchecked = options.tokens ? undefined : routes.find(({ needsToken }) => needsToken);
  if (unchecked) {
    throw new DevstackError(
      'bad_option',
      `Gateway route "${unchecked.name}" needs a token, but the option tokens is missing.`,
    );
  }
  const newId = options.randomUUID ?? randomUUID;
  const upstream = createUpstream();
  let port = 0;
  const gateway = createGateway({
    routes,
    upstream,
    checkToken: options.tokens && createTokenCheck(options.tokens, options.wallClock ?? Date.now),
    maxBodyBytes: options.maxBodyBytes ?? MAX_BODY_BYTES,
    port: () => port,
    randomUUID: newId,
    now: options.now ?? (() => performance.now()),
    quota: createRateLimit(options.wallClock ?? Date.now),
    onEvent: options.onEvent ?? (() => undefined),
  });
  const listener = await createListener(gateway, {
    name: 'Bifrost',
    host,
    port: options.port ?? 0,
    maxHeaderBytes: MAX_HEADER_BYTES,
    onMalformed: (error, socket) => refuseMalformed(error, socket, newId()),
  });
  port = listener.port;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      await listener.close();
      await upstream.close();
    },
  };
}

/** nginx, and so Kong, says 400 to a header block that is too large, not 431. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex, requestId: string): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const message = error.code === 'HPE_HEADER_OVERFLOW' ? 'Request header or cookie too large' : 'Bad request';
  const body = JSON.stringify({ message, request_id: requestId });
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Request-Id: ${requestId}\r\n\r\n${body}`,
  );
}
