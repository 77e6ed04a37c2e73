import type { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import { formatRawHeaders, type HeaderList, parseRawHeaders } from './header-list.ts';

interface UpstreamRequest {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: HeaderList;
  readonly body?: Readable | undefined;
}

export interface UpstreamHead {
  readonly status: number;
  readonly reason: string;
  readonly headers: HeaderList;
}

/** Gets one response, piece by piece. After `end` or `error` nothing more comes. */
export interface UpstreamReceiver {
  head(head: UpstreamHead): void;
  data(chunk: Buffer): void;
  end(): void;
  error(error: Error): void;
}

/** The running exchange: flow control and the way to give up. */
export interface UpstreamExchange {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

export interface Upstream {
  send(request: UpstreamRequest, receiver: UpstreamReceiver): UpstreamExchange;
  close(): Promise<void>;
}

/** Same cap as the listeners have for requests. */
const MAX_HEADER_BYTES = 32 * 1024;
const CONNECT_TIMEOUT_MS = 5000;

/** A keep-alive HTTP client without idle timeout: a quiet stream may last as long as both ends want. */
export function createUpstream(): Upstream {
  const agent = new Agent({
    connections: null,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    connect: { timeout: CONNECT_TIMEOUT_MS },
  });
  return {
    send: (request, receiver) => dispatch(agent, request, receiver),
    close: () => agent.destroy(),
  };
}

function dispatch(agent: Agent, request: UpstreamRequest, receiver: UpstreamReceiver): UpstreamExchange {
  let controller: Dispatcher.DispatchController | undefined;
  let gaveUp: Error | undefined;
  let finished = false;
  const finish = (report: () => void): void => {
    if (finished) return;
    finished = true;
    report();
  };

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      if (gaveUp) started.abort(gaveUp);
    },
    onResponseStart(started, status, _headers, reason) {
      // 100 and 103 say nothing that a buffering hop could pass on in time.
      if (status < 200) return;
      receiver.head({ status, reason: reason ?? '', headers: parseRawHeaders(rawHeaders(started)) });
    },
    onResponseData: (_started, chunk) => receiver.data(chunk),
    onResponseEnd: () => finish(() => receiver.end()),
    onResponseError: (_started, error) => finish(() => receiver.error(error)),
  };

  try {
    agent.dispatch(
      {
        origin: request.origin,
        method: request.method as Dispatcher.HttpMethod,
        path: request.path,
        headers: formatRawHeaders(request.headers),
        body: request.body ?? null,
      },
      handler,
    );
  } catch (error) {
    queueMicrotask(() => finish(() => receiver.error(error instanceof Error ? error : new Error(String(error)))));
  }

  return {
    pause: () => controller?.pause(),
    resume: () => controller?.resume(),
    abort(reason) {
      gaveUp = reason;
      controller?.abort(reason);
    },
  };
}

function rawHeaders(controller: Dispatcher.DispatchController): readonly (string | Buffer)[] {
  const raw = controller.rawHeaders;
  if (Array.isArray(raw)) return raw;
  return Object.entries(raw ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).flatMap((one) => [name, one]),
  );
}
