import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { isGripHeader, MAX_HELD_REQUEST_BYTES } from '@asgard/grip';
import {
  formatRawHeaders,
  type HeaderList,
  headerValue,
  parseRawHeaders,
  withHeaders,
  withoutHeaders,
  withoutHopByHop,
} from '../http/header-list.ts';
import { createRelay } from '../http/relay.ts';
import { createBodyMeter, declaredLength, hasBody } from '../http/request-body.ts';
import { parseRequestTarget } from '../http/request-target.ts';
import type { Upstream, UpstreamExchange, UpstreamHead } from '../http/upstream.ts';
import type { Clock } from './clock.ts';
import type { EmitHermodEvent } from './event.ts';
import type { HeldClient, Holds } from './holds.ts';
import { isHolding, isInstruct, readInstruct } from './instruct.ts';
import { FEATURES } from './link.ts';
import type { SignRequest } from './signature.ts';

export interface ProxySetup {
  /** Where requests go. */
  readonly origin: string;
  readonly upstream: Upstream;
  readonly sign: SignRequest;
  readonly holds: Holds;
  readonly clock: Clock;
  readonly emit: EmitHermodEvent;
}

/** A response that speaks to the proxy is read whole first; this bounds it. */
const MAX_INSTRUCT_BYTES = 32 * 1024 * 1024;

/** Fields of a client that end here: the trust of this hop, and what Pushpin rewrites. */
const DROPPED: ReadonlySet<string> = new Set([
  'accept-encoding',
  'content-encoding',
  'expect',
  'x-forwarded-proto',
  'x-forwarded-protocol',
]);

/** The reverse proxy: signs each request, passes answers on as they come, and hands over those that hold. */
export function createProxy(setup: ProxySetup): (request: IncomingMessage, response: ServerResponse) => void {
  let count = 0;
  return (request, response) => {
    count += 1;
    const id = String(count);
    const { clock, emit } = setup;
    const startedAt = clock.now();
    const path = request.url ?? '';
    emit({ type: 'request', id, method: request.method ?? '', path, headers: request.headers });
    response.once('close', () =>
      emit({ type: 'closed', id, aborted: !response.writableFinished, durationMs: clock.now() - startedAt }),
    );
    const host = request.headers.host ?? '';
    const target = parseRequestTarget(path);
    if (!target || !URL.canParse(`http://${host}`)) {
      answer(response, 400, 'Bad Request');
      return;
    }
    const url = new URL(`http://${host}${target.path}${target.search}`);
    void setup.sign().then((signature) => pass(setup, request, { id, response, url, startedAt }, signature));
  };
}

function pass(setup: ProxySetup, request: IncomingMessage, client: HeldClient, signature: string): void {
  const { id, response, url, startedAt } = client;
  const { clock, emit } = setup;
  if (response.destroyed) return;
  const body = meter(request);
  let exchange: UpstreamExchange | undefined;
  let instruct: { head: UpstreamHead; chunks: Buffer[]; bytes: number } | undefined;
  let handedOver = false;
  let sized = false;
  const relay = createRelay(response, () => (handedOver ? undefined : exchange));

  const refuse = (status: number, message: string): void => {
    handedOver = true;
    exchange?.abort(new Error(message));
    answer(response, status, message);
  };

  exchange = setup.upstream.send(
    {
      origin: setup.origin,
      method: request.method ?? 'GET',
      path: url.pathname + url.search,
      headers: signedHeaders(request, signature),
      body: body?.stream,
    },
    {
      head(head) {
        if (!isInstruct(head)) {
          emit({ type: 'response', id, status: head.status, durationMs: clock.now() - startedAt });
          sized = headerValue(head.headers, 'content-length') !== undefined;
          relay.head({ ...head, headers: withoutHopByHop(head.headers) });
        } else if ((body?.bytes() ?? 0) > MAX_HELD_REQUEST_BYTES) {
          refuse(400, 'Request too large to accept GRIP instruct.');
        } else instruct = { head, chunks: [], bytes: 0 };
      },
      data(chunk) {
        if (handedOver) return;
        if (!instruct) {
          relay.data(chunk);
          return;
        }
        instruct.chunks.push(chunk);
        instruct.bytes += chunk.length;
        if (instruct.bytes > MAX_INSTRUCT_BYTES) refuse(502, PROXY_ERROR);
      },
      end() {
        if (handedOver) return;
        if (!instruct) {
          relay.end();
          return;
        }
        handedOver = true;
        accept(setup, client, instruct.head, Buffer.concat(instruct.chunks));
      },
      error() {
        if (handedOver) return;
        if (!response.headersSent) answer(response, 502, PROXY_ERROR);
        // Pushpin ends a chunked answer as if it were complete; a client then misses the rest without knowing.
        else if (sized) response.destroy();
        else response.end();
      },
    },
  );
  response.once('close', () => {
    if (!handedOver && !response.writableFinished) exchange?.abort(new Error('The client closed the connection.'));
  });
}

function accept({ holds, emit, clock }: ProxySetup, client: HeldClient, head: UpstreamHead, body: Uint8Array): void {
  const { id, response, startedAt } = client;
  if (response.destroyed) return;
  try {
    const instruct = readInstruct(head, body);
    if (isHolding(instruct)) {
      holds.take(client, instruct);
      return;
    }
    const { status, reason, headers, body: plain } = instruct.response;
    emit({ type: 'response', id, status, durationMs: clock.now() - startedAt });
    const length = withHeaders(headers, { 'content-length': String(plain.length) });
    response.writeHead(status, reason, formatRawHeaders(status === 204 || status === 304 ? headers : length));
    response.end(plain);
  } catch (error) {
    emit({ type: 'dropped', id, reason: `the instruction cannot be used: ${String(error)}` });
    answer(response, 502, PROXY_ERROR);
  }
}

const PROXY_ERROR = 'Error while proxying to origin.';

function answer(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return;
  const body = `${message}\n`;
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': String(Buffer.byteLength(body)) });
  response.end(body);
}

function signedHeaders(request: IncomingMessage, signature: string): HeaderList {
  const received = withoutHeaders(
    withoutHopByHop(parseRawHeaders(request.rawHeaders)),
    (name) => DROPPED.has(name) || isGripHeader(name),
  );
  return [
    ...withHeaders(received, { 'X-Forwarded-For': request.socket.remoteAddress }),
    ['Grip-Sig', signature],
    ['Grip-Feature', FEATURES],
  ];
}

function meter(request: IncomingMessage): { stream: Readable; bytes(): number } | undefined {
  if (!hasBody(request)) return undefined;
  const declared = request.headers['content-length'];
  if (declared !== undefined) return { stream: request, bytes: () => declaredLength(declared) };
  const counted = createBodyMeter();
  // undici learns of a failure from the stream itself.
  return { stream: pipeline(request, counted.stream, () => undefined), bytes: counted.bytes };
}
