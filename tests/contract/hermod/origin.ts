import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly bodyBytes: number;
  readonly at: number;
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** An origin whose answers each test decides, path by path. */
export interface Origin {
  readonly url: string;
  /** Answers a path (without query) from now on. */
  on(path: string, answer: Answer): void;
  /** Requests of a path so far. */
  seen(path: string): readonly Seen[];
  close(): Promise<void>;
}

export async function startOrigin(port = 0): Promise<Origin> {
  const answers = new Map<string, Answer>();
  const requests = new Map<string, Seen[]>();
  const server = createServer({ maxHeaderSize: 65_536 }, (request, response) => {
    const path = (request.url ?? '').replace(/\?.*$/, '');
    let bodyBytes = 0;
    request.on('data', (chunk: Buffer) => {
      bodyBytes += chunk.length;
    });
    request.once('end', () => {
      const list = requests.get(path) ?? [];
      requests.set(path, list);
      list.push({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        bodyBytes,
        at: performance.now(),
      });
      const answer = answers.get(path);
      if (answer) answer(response, request);
      else response.writeHead(404).end('not here');
    });
    request.once('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    on: (path, answer) => {
      answers.set(path, answer);
    },
    seen: (path) => requests.get(path) ?? [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An answer with headers and a body, all at once. */
export function reply(status: number, headers: Record<string, string | string[]>, body: string | Buffer = ''): Answer {
  return (response) => {
    response.writeHead(status, headers);
    response.end(body);
  };
}
