import {
  BodyTooLarge,
  BodyUnreadable,
  type HttpHeaders,
  type HttpRequest,
  type HttpResponder,
  type HttpStream,
} from './message.ts';

type Serve = (request: HttpRequest, responder: HttpResponder) => Promise<void>;

/** Serves one web-standard request through the neutral message. What goes on after the answer keeps nothing of the request. */
export function serveFetch(request: Request, serve: Serve): Promise<Response> {
  const gone = new Gone();
  request.signal.addEventListener('abort', () => gone.tell(), { once: true });
  return answer(toNeutral(request, gone), gone, serve);
}

/** Made apart, because a closure keeps every variable that a closure beside it uses. */
function answer(request: HttpRequest, gone: Gone, serve: Serve): Promise<Response> {
  return new Promise((resolve, reject) => {
    const delivery = new Delivery(resolve, reject);
    serve(request, toResponder(delivery, gone)).then(
      () => delivery.resolve(new Response(null, { status: 499 })),
      (error: unknown) => delivery.reject(error),
    );
  });
}

/** Settles the answer once, and lets go of it: these functions keep what they have settled. */
class Delivery {
  #settle: { resolve(response: Response): void; reject(error: unknown): void } | undefined;

  constructor(resolve: (response: Response) => void, reject: (error: unknown) => void) {
    this.#settle = { resolve, reject };
  }

  resolve(response: Response): void {
    this.#settle?.resolve(response);
    this.#settle = undefined;
  }

  reject(error: unknown): void {
    this.#settle?.reject(error);
    this.#settle = undefined;
  }
}

/** The client has left, before its answer was complete. */
class Gone {
  readonly #listeners: (() => void)[] = [];

  on(listener: () => void): void {
    this.#listeners.push(listener);
  }

  tell(): void {
    for (const listener of this.#listeners.splice(0)) listener();
  }
}

function toNeutral(request: Request, gone: Gone): HttpRequest {
  const { host, pathname, search } = new URL(request.url);
  let message: Request | undefined = request;
  return {
    method: request.method,
    path: pathname,
    query: search.slice(1),
    header: (name) => message?.headers.get(name) ?? (name === 'host' ? host : undefined),
    readBody: async (maxBytes) => (message ? readText(message, maxBytes) : Promise.reject(new BodyUnreadable())),
    onDisconnect: (listener) => gone.on(listener),
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

function toResponder(delivery: Delivery, gone: Gone): HttpResponder {
  return {
    send: (status, headers, body) => delivery.resolve(new Response(body ?? null, { status, headers: { ...headers } })),
    stream: (status, headers) => openStream({ status, headers, delivery, gone }),
    sent: async () => {},
  };
}

/** A reader that is further behind than this makes the writer wait. */
const MAX_UNREAD_BYTES = 65_536;

interface StreamStart {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly delivery: Delivery;
  readonly gone: Gone;
}

function openStream({ status, headers, delivery, gone }: StreamStart): HttpStream {
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
      gone.tell();
    },
  };
  const body = new ReadableStream(source, new ByteLengthQueuingStrategy({ highWaterMark: MAX_UNREAD_BYTES }));
  delivery.resolve(new Response(body, { status, headers: { ...headers } }));
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
