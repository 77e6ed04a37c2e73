import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { until } from '../../real/until.ts';

/** What one client sees of one answer. */
export interface ClientStream {
  readonly status: number;
  readonly headers: Headers;
  /** The body so far. */
  readonly text: string;
  /** `open`, `ended` as planned, or `cut`. */
  readonly state: 'open' | 'ended' | 'cut';
  /** Waits until the body has the text. */
  has(text: string, limitMs?: number): Promise<void>;
  /** Waits for the end; gives the whole body. */
  end(limitMs?: number): Promise<string>;
  /** Closes the connection. */
  abort(): void;
  /** Begins to read, after `paused`. */
  resume(): void;
}

/** What a client asks for. */
export interface ClientRequestOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Reads nothing of the body. */
  readonly paused?: boolean;
}

/** A request that may not have an answer yet. */
export interface Pending {
  /** Resolves when the answer's headers are there. */
  readonly answer: Promise<ClientStream>;
  abort(): void;
}

/** Sends a request, on a connection of its own. */
export function send(url: string, options: ClientRequestOptions = {}): Pending {
  const { method = options.body === undefined ? 'GET' : 'POST', headers = {}, body, paused = false } = options;
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const sent = request(url, { method, agent: false, headers: { ...length, ...headers } });
  const answer = new Promise<ClientStream>((resolve, reject) => {
    sent.on('response', (response) => resolve(readStream(sent, response, paused)));
    sent.on('error', reject);
  });
  answer.catch(() => undefined);
  sent.end(body);
  return { answer, abort: () => void sent.destroy() };
}

/** Sends a request and resolves when the answer's headers are there. */
export function open(url: string, options: ClientRequestOptions = {}): Promise<ClientStream> {
  return send(url, options).answer;
}

function readStream(sent: ClientRequest, response: IncomingMessage, paused: boolean): ClientStream {
  let text = '';
  let state: ClientStream['state'] = 'open';
  response.setEncoding('utf8');
  const read = (): void => {
    response.on('data', (chunk: string) => {
      text += chunk;
    });
  };
  if (!paused) read();
  response.on('end', () => {
    state = 'ended';
  });
  response.on('error', () => {
    state = 'cut';
  });
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(response.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  return {
    status: response.statusCode ?? 0,
    headers,
    get text() {
      return text;
    },
    get state() {
      return state;
    },
    has: (part, limitMs) => until(() => text.includes(part), limitMs),
    async end(limitMs) {
      await until(() => state !== 'open', limitMs);
      return text;
    },
    abort: () => void sent.destroy(),
    resume: read,
  };
}
