import {
  BodyTooLarge,
  BodyUnreadable,
  type HttpHeaders,
  type HttpRequest,
  type HttpResponder,
  type HttpStream,
} from './message.ts';

/** Serves one web-standard request through the neutral message. */
export function serveFetch(
  request: Request,
  serve: (request: HttpRequest, responder: HttpResponder) => Promise<void>,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const disconnect = new Set<() => void>();
    const gone = (): void => {
      for (const listener of disconnect) listener();
    };
    request.signal.addEventListener('abort', gone, { once: true });
    serve(toNeutral(request, disconnect), toResponder(resolve, gone)).then(
      () => resolve(new Response(null, { status: 499 })),
      reject,
    );
  });
}

function toNeutral(request: Request, disconnect: Set<() => void>): HttpRequest {
  const url = new URL(request.url);
  let message: Request | undefined = request;
  return {
    method: request.method,
    path: url.pathname,
    query: url.search.slice(1),
    header: (name) => message?.headers.get(name) ?? (name === 'host' ? url.host : undefined),
    readBody: async (maxBytes) => (message ? readText(message, maxBytes) : Promise.reject(new BodyUnreadable())),
    onDisconnect: (listener) => void disconnect.add(listener),
    release: () => {
      message = undefined;
    },
  };
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw new BodyTooLarge();
  if (!request.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  try {
    for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > maxBytes) throw new BodyTooLarge();
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (cause) {
    throw cause instanceof BodyTooLarge ? cause : new BodyUnreadable('', { cause });
  }
  return text + decoder.decode();
}

function toResponder(resolve: (response: Response) => void, gone: () => void): HttpResponder {
  return {
    send: (status, headers, body) => resolve(new Response(body ?? null, { status, headers: { ...headers } })),
    stream: (status, headers) => openStream({ status, headers, resolve, gone }),
    sent: async () => {},
  };
}

/** A reader that is further behind than this makes the writer wait. */
const MAX_UNREAD_BYTES = 65_536;

interface StreamStart {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly resolve: (response: Response) => void;
  readonly gone: () => void;
}

function openStream({ status, headers, resolve, gone }: StreamStart): HttpStream {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** Several may wait at once: the handler, and the timer that keeps the connection alive. */
  let waiting: (() => void)[] = [];
  let ended = false;
  const release = (): void => {
    const released = waiting;
    waiting = [];
    for (const resume of released) resume();
  };
  const source: UnderlyingDefaultSource<Uint8Array> = {
    start: (started) => {
      controller = started;
    },
    pull: release,
    cancel: () => {
      ended = true;
      release();
      gone();
    },
  };
  const body = new ReadableStream(source, new ByteLengthQueuingStrategy({ highWaterMark: MAX_UNREAD_BYTES }));
  resolve(new Response(body, { status, headers: { ...headers } }));
  return {
    write: (chunk) => {
      if (ended || !controller) return;
      controller.enqueue(encoder.encode(chunk));
      if ((controller.desiredSize ?? 1) > 0) return;
      return new Promise<void>((resume) => {
        waiting.push(resume);
      });
    },
    end: () => {
      if (ended) return;
      ended = true;
      controller?.close();
    },
  };
}
