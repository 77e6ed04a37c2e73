import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** An origin server whose paths a test defines as it goes. */
export interface Origin {
  readonly url: string;
  /** Every request so far. */
  readonly requests: readonly { readonly method: string; readonly url: string; readonly headers: Headers }[];
  /** Answers requests for a path, without its query. */
  on(path: string, handler: Handler): void;
  /** Answers requests for every path with one more segment. */
  onBelow(path: string, handler: Handler): void;
  close(): Promise<void>;
}

/** Starts an origin on a free port. */
export async function startOrigin(): Promise<Origin> {
  const handlers = new Map<string, Handler>();
  const requests: { method: string; url: string; headers: Headers }[] = [];
  const server = createServer({ maxHeaderSize: 65_536 }, (request, response) => {
    const { method = '', url = '' } = request;
    requests.push({ method, url, headers: toHeaders(request) });
    const path = url.split('?')[0] ?? '';
    const handler = handlers.get(path) ?? handlers.get(path.replace(/[^/]*$/, '*'));
    if (handler) void handler(request, response);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    on: (path, handler) => void handlers.set(path, handler),
    onBelow: (path, handler) => void handlers.set(`${path}/*`, handler),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function toHeaders({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct))
    for (const value of values) headers.append(name, value);
  return headers;
}

/** Answers with a hold and the first part of its body. */
export function hold(headers: Record<string, string>, body = '', status = 200): Handler {
  return (request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(status, { 'content-type': 'text/event-stream', 'grip-hold': 'stream', ...headers }).end(body);
    });
  };
}
