import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The service behind a gateway under test: says what arrived, and streams on demand. */
export interface Service {
  readonly url: string;
  /** Resolves when the given stream's connection was closed by the other side, with how many events were sent. */
  closed(streamId: string): Promise<number>;
  close(): Promise<void>;
}

export interface Echo {
  method: string;
  url: string;
  headers: Record<string, string>;
  bodyBytes: number;
  /** The body, when it is small. */
  text: string;
}

/** @param port 0 for any; a real gateway's configuration needs a fixed one */
export async function startService(port: number): Promise<Service> {
  const streams = new Map<string, PromiseWithResolvers<number>>();
  const stream = (id: string): PromiseWithResolvers<number> => {
    const known = streams.get(id) ?? withResolvers<number>();
    streams.set(id, known);
    return known;
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://service');
    if (url.searchParams.has('stream')) {
      sendStream(response, Number(url.searchParams.get('gap') ?? 50), stream(url.searchParams.get('stream') ?? ''));
      return;
    }
    if (url.searchParams.has('grip')) {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'grip-hold': 'stream',
        'grip-channel': 'c1; prev-id=0',
        'grip-keep-alive': ':\\n\\n; format=cstring; timeout=20',
      });
      response.end(':open\n\n');
      return;
    }
    void echo(request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    closed: (id) => stream(id).promise,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let bodyBytes = 0;
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bodyBytes += chunk.length;
      if (bodyBytes < 32_768) chunks.push(chunk);
    }
  } catch {
    return;
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  const body: Echo = {
    method: request.method ?? '',
    url: request.url ?? '',
    headers,
    bodyBytes,
    text: Buffer.concat(chunks).toString(),
  };
  response.writeHead(200, {
    'content-type': 'application/json',
    'access-control-allow-origin': 'http://service.example',
    'mcp-session-id': 'session-1',
    'set-cookie': ['a=1', 'b=2'],
  });
  response.end(JSON.stringify(body));
}

function sendStream(response: ServerResponse, gapMs: number, closed: PromiseWithResolvers<number>): void {
  let sent = 0;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  const timer = setInterval(() => {
    sent += 1;
    response.write(`data: ${JSON.stringify({ n: sent, at: Date.now() })}\n\n`);
  }, gapMs);
  response.once('close', () => {
    clearInterval(timer);
    closed.resolve(sent);
  });
}

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
