import { channel } from 'node:diagnostics_channel';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OdinError } from './errors.ts';
import { isLoopbackName } from './http/options.ts';
import { NodeRequest } from './node/request.ts';
import { NodeResponder } from './node/responder.ts';
import type { CloseOptions, OdinServer } from './server.ts';

export { type EnvironmentOptions, fromEnvironment } from './node/environment.ts';

export interface ListenOptions {
  /** 0 takes a free port. @default the environment's PORT, or 8080 */
  readonly port?: number;
  /** Address to listen on. @default the environment's HOST, or '127.0.0.1' */
  readonly host?: string;
}

export interface ListeningServer {
  /** Where this process listens, without the path. Not the public URL. */
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /** Answers new requests with 503, lets running calls finish and deliver, then stops listening. */
  close(options?: CloseOptions): Promise<void>;
}

/** Room for a large token twice, as gateways repeat its claims in a header of their own. Bytes. */
const MAX_HEADER_BYTES = 65_536;

/** Every finished exchange is published here as an ExchangeEvent, when anybody subscribes. */
const exchanges = channel('asgard:exchange');

/**
 * Serves over node:http.
 *
 * @throws OdinError `bad_option` for a port out of range, and for a gateway whose proof is worth nothing here; Error `EADDRINUSE` when
 *   the port is taken
 */
export async function listen(odin: OdinServer, options: ListenOptions = {}): Promise<ListeningServer> {
  const port = options.port ?? portFrom(process.env.PORT);
  const host = options.host ?? process.env.HOST ?? '127.0.0.1';
  verifyGatewayReach(odin, host);
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 65_000 }, nodeHandler(odin));
  const stopObserving = odin.onExchange({
    tell: (event) => exchanges.publish(event),
    wanted: () => exchanges.hasSubscribers,
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    server,
    close: async (closeOptions) => {
      await odin.close(closeOptions);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      stopObserving();
      await closed;
    },
  };
}

/** The server as a listener of node:http, to mount in a server of your own. */
export function nodeHandler(odin: OdinServer): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const neutral = new NodeRequest(request, response);
    void odin.handle(neutral, new NodeResponder(response));
  };
}

/** A proof that everybody could give would be none. */
function verifyGatewayReach({ gatewayProof }: OdinServer, host: string): void {
  if (gatewayProof === 'loopback' && host !== '::1' && !isLoopbackName(host)) {
    throw new OdinError(
      'bad_option',
      `auth.gateway.proof: 'loopback' needs a server that only this machine can reach, but it would listen on ${host}. Set host to 127.0.0.1.`,
    );
  }
  if (gatewayProof === 'mtls') {
    throw new OdinError(
      'bad_option',
      "auth.gateway.proof: 'mtls' needs TLS with client certificates: mount nodeHandler(odin) in a server of node:https with requestCert.",
    );
  }
}

function portFrom(text: string | undefined): number {
  const port = Number(text ?? 8080);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new OdinError('bad_option', `PORT: ${JSON.stringify(text)} is not a port number.`);
}
