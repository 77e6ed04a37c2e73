import type { Hold } from './holds/hold.ts';
import type { Holds } from './holds/holds.ts';
import type { SigVerifier } from './signature/verify.ts';
import { createBlockStream } from './sse/blocks.ts';
import { EVENT_STREAM_TYPE } from './sse/event.ts';
import { GRIP_HEADERS, isGripHeader } from './wire/fields.ts';
import { formatHoldHeaders } from './wire/hold.ts';

/** A web-standard handler, as every fetch-style framework has one. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** Options of {@link withGrip}. */
export interface WithGripOptions {
  /** Keeps the held answers. On shutdown, `holds.drain()` waits for them. */
  readonly holds: Holds;
  /** Tells which requests came through the proxy. */
  readonly verifier: SigVerifier;
  /**
   * Requests with a larger body are answered as a plain stream: over 100,000 bytes Pushpin refuses to hold.
   * @default 95_000
   */
  readonly maxHeldRequestBytes?: number;
  /**
   * Path of next links, when `holds` recover: requests below it are answered here and never reach the handler.
   * @default none
   */
  readonly linkPath?: string;
  /** Longest server-sent event, in characters. @default 1_048_576 */
  readonly maxBlockLength?: number;
  /** Gets the error that ended a held stream early; the client sees only its end. @default nothing */
  readonly onError?: (error: unknown) => void;
}

/** RFC 9110 section 7.6.1, and the length: none of them is true for the held answer. */
const DROPPED_HEADERS = [
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/**
 * Makes a handler's streams of server-sent events held ones. When a request carries a valid `Grip-Sig`, its stream is answered at once
 * with a hold, and the events are published as the handler makes them; the handler's socket is free. Its `request.signal` aborts when
 * the client leaves. Anything else, and every request that did not come through the proxy, is answered unchanged.
 *
 * `Grip-*` headers of requests do not reach the handler, and those that it makes do not reach the client.
 */
export function withGrip(handler: FetchHandler, options: WithGripOptions): (request: Request) => Promise<Response> {
  const { holds, verifier, maxHeldRequestBytes = 95_000, linkPath } = options;
  return async (request) => {
    const proxied = await verifier.verify(request.headers.get(GRIP_HEADERS.sig));
    if (linkPath !== undefined && new URL(request.url).pathname.startsWith(`${linkPath}/`)) {
      return answerLink(request, holds, proxied);
    }
    if (!proxied || !holds.available || request.method === 'HEAD' || bodySize(request) > maxHeldRequestBytes) {
      return withoutGripHeaders(await handler(toInnerRequest(request)));
    }
    const gone = new AbortController();
    const follow = (): void => gone.abort(request.signal.reason);
    if (request.signal.aborted) follow();
    request.signal.addEventListener('abort', follow);
    const response = withoutGripHeaders(await handler(toInnerRequest(request, gone.signal)));
    if (!isEventStream(response) || !response.body || !holds.available || gone.signal.aborted) return response;
    const hold = holds.open();
    request.signal.removeEventListener('abort', follow);
    hold.signal.addEventListener('abort', () => gone.abort(hold.signal.reason));
    void pump(response.body, hold, options);
    return answer(request, response, hold);
  };
}

/** Only the proxy's own requests are answered, and of those only the ones with a sealed lease. */
function answerLink(request: Request, holds: Holds, proxied: boolean): Response {
  if (!proxied || request.method !== 'GET') return new Response(null, { status: 404 });
  const { status, headers, body } = holds.recover({ last: request.headers.get(GRIP_HEADERS.last) });
  return new Response(body, { status, headers });
}

/** A body of unknown length counts as too large: the proxy's limit could be passed after the handler has run. */
function bodySize(request: Request): number {
  const length = request.headers.get('content-length');
  if (length !== null) return Number(length);
  return request.body ? Number.POSITIVE_INFINITY : 0;
}

function isEventStream(response: Response): boolean {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  return type === EVENT_STREAM_TYPE && !response.headers.has('content-encoding');
}

function toInnerRequest(request: Request, signal?: AbortSignal): Request {
  const headers = [...request.headers].filter(([name]) => !isGripHeader(name));
  if (!signal && headers.length === [...request.headers].length) return request;
  return new Request(request, { headers, ...(signal ? { signal } : {}) });
}

function withoutGripHeaders(response: Response): Response {
  const grip = [...response.headers.keys()].filter(isGripHeader);
  if (grip.length === 0) return response;
  const headers = new Headers(response.headers);
  for (const name of grip) headers.delete(name);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** The short response that carries the hold. Reading its end means that the server sends it; then the readiness clock starts. */
function answer(request: Request, response: Response, hold: Hold): Response {
  const left = (): void => hold.abort(request.signal.reason);
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        request.signal.removeEventListener('abort', left);
        hold.answered();
        controller.close();
      },
      cancel: (reason) => hold.abort(reason),
    },
    { highWaterMark: 0 },
  );
  request.signal.addEventListener('abort', left);
  if (request.signal.aborted) left();
  const headers = new Headers(response.headers);
  for (const name of DROPPED_HEADERS) headers.delete(name);
  for (const [name, value] of Object.entries(formatHoldHeaders(hold.instruction))) headers.set(name, value);
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}

/** Moves the handler's stream into the hold. One block at a time: a slow proxy stops the handler. */
async function pump(body: ReadableStream<Uint8Array>, hold: Hold, options: WithGripOptions): Promise<void> {
  const { maxBlockLength, onError } = options;
  const blocks = body.pipeThrough(createBlockStream(maxBlockLength === undefined ? {} : { maxBlockLength }));
  const reader = blocks.getReader();
  void hold.finished.then(() => reader.cancel(hold.signal.reason)).catch(() => undefined);
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) await hold.write(next.value);
    await hold.end();
  } catch (error) {
    if (hold.state !== 'ended') {
      onError?.(error);
      await hold.end().catch(() => undefined);
    }
  }
}
