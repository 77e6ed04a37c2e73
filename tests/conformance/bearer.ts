import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

export interface Bearer {
  url: string;
  close(): Promise<void>;
}

/**
 * Puts a token on each request to a server, because the suite has none. What a request says of this address, in Host and Origin, is said of the
 * server's; any other Host or Origin is the suite's attack and passes as it is.
 */
export async function startBearer(upstream: URL, token: string): Promise<Bearer> {
  const server = createServer((incoming, outgoing) => {
    const own = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { method, url: path, headers } = incoming;
    const outbound = request(
      { host: '127.0.0.1', port: upstream.port, method, path, headers: forward(headers, { own, upstream, token }) },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        outgoing.flushHeaders();
        pipeline(answer, outgoing, () => undefined);
      },
    );
    outbound.once('error', () => outgoing.destroy());
    outgoing.once('close', () => outbound.destroy());
    incoming.pipe(outbound);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function forward(
  headers: IncomingHttpHeaders,
  { own, upstream, token }: { own: string; upstream: URL; token: string },
): IncomingHttpHeaders {
  const { host, origin } = headers;
  return {
    ...headers,
    ...(host === own && { host: upstream.host }),
    ...(origin === `http://${own}` && { origin: upstream.origin }),
    authorization: headers.authorization ?? `Bearer ${token}`,
  };
}
