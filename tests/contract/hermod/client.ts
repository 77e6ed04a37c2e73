import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders } from 'node:http';

/** One request of a client, its answer read as it comes. */
export interface Call {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  /** What came so far. */
  readonly body: string;
  readonly chunks: readonly { readonly text: string; readonly at: number }[];
  /** `open`, `ended` in order, or `broken`. */
  readonly state: 'open' | 'ended' | 'broken';
  abort(): void;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** Sends the body chunked, so that its length is not declared. */
  readonly chunked?: boolean;
}

/** Resolves when the head of the answer is there. */
export function call(url: string, { method = 'GET', headers = {}, body, chunked }: CallOptions = {}): Promise<Call> {
  return new Promise((resolve, reject) => {
    const length = body === undefined || chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request: ClientRequest = httpRequest(url, { method, headers: { ...length, ...headers }, agent: false });
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: { text: string; at: number }[] = [];
      let state: Call['state'] = 'open';
      response.on('data', (chunk: Buffer) => chunks.push({ text: chunk.toString(), at: performance.now() }));
      response.once('end', () => {
        state = 'ended';
      });
      response.once('error', () => {
        state = 'broken';
      });
      request.on('error', () => {
        state = 'broken';
      });
      resolve({
        status: response.statusCode ?? 0,
        reason: response.statusMessage ?? '',
        headers: response.headers,
        chunks,
        get body() {
          return chunks.map(({ text }) => text).join('');
        },
        get state() {
          return state;
        },
        abort: () => request.destroy(),
      });
    });
    if (chunked && body !== undefined) request.write(body);
    request.end(chunked ? undefined : body);
  });
}
