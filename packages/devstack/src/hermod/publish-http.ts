import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type PublishItem, parseItemObject } from '@asgard/grip';
import { createListener, type Listener } from '../http/listener.ts';

export interface PublishHttpOptions {
  readonly host: string;
  readonly port: number;
  /** Demanded as bearer. Pushpin itself demands nothing here. */
  readonly token: string;
  readonly accept: (item: PublishItem) => void;
}

/** Pushpin's `push_in_http_max_body_size`. */
const MAX_BODY_BYTES = 1_000_000;

/** Listens for `POST /publish/` with `{ "items": [...] }`. */
export function listenForPublish({ host, port, token, accept }: PublishHttpOptions): Promise<Listener> {
  return createListener(
    (request, response) => {
      void receive(request, response, token, accept);
    },
    { name: 'Hermod (publish)', host, port },
  );
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  accept: (item: PublishItem) => void,
): Promise<void> {
  const path = (request.url ?? '').replace(/\?.*$/, '').replace(/(?<=.)\/$/, '');
  if (path !== '/publish') return answer(request, response, 404, 'Not Found');
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    return answer(request, response, 405, `Method not allowed: ${request.method}.`);
  }
  if (!isToken(request.headers.authorization, token)) {
    response.setHeader('www-authenticate', 'Bearer');
    return answer(request, response, 401, 'The publish port of this proxy needs its bearer token.');
  }
  let items: PublishItem[];
  try {
    items = readItems(await readBody(request));
  } catch (error) {
    return answer(request, response, 400, `Invalid format: ${error instanceof Error ? error.message : String(error)}`);
  }
  answer(request, response, 200, 'Published');
  for (const item of items) accept(item);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`the body is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** All or nothing: one bad item refuses the whole body, as in Pushpin. */
function readItems(body: string): PublishItem[] {
  const document: unknown = JSON.parse(body);
  if (typeof document !== 'object' || document === null || !('items' in document)) {
    throw new Error("object does not contain 'items'");
  }
  if (!Array.isArray(document.items)) throw new Error("object contains 'items' with wrong type");
  return document.items.map((item) => parseItemObject(item));
}

/** Compares digests, so that neither length nor content shows in the time. */
function isToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function answer(request: IncomingMessage, response: ServerResponse, status: number, message: string): void {
  if (response.headersSent || response.destroyed) return;
  const json = (request.headers.accept ?? '').includes('application/json');
  const body = json ? `${JSON.stringify({ message })}\n` : `${message}\n`;
  response.writeHead(status, {
    'content-type': json ? 'application/json' : 'text/plain',
    'content-length': String(Buffer.byteLength(body)),
    ...(status === 200 ? {} : { connection: 'close' }),
  });
  response.end(body);
}
