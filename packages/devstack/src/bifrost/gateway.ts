import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { type HeaderList, withHeaders, withoutHopByHop } from '../http/header-list.ts';
import { createRelay } from '../http/relay.ts';
import { BodyTooLarge, createBodyCap, hasBody, isDeclaredOver, readBody } from '../http/request-body.ts';
import { parseRequestTarget } from '../http/request-target.ts';
import type { Upstream, UpstreamExchange } from '../http/upstream.ts';
import { applyBodyRule, formatBodyProblem } from './body-rule.ts';
import { isPreflight, preflightHeaders, withCors } from './cors.ts';
import type { BifrostEvent } from './event.ts';
import { forwardedHeaders, forwardedPath } from './forwarded-headers.ts';
import { hasMcpHeaders, MISSING_HEADERS } from './mcp-headers.ts';
import { callerOf, type Quota, quotaHeaders } from './rate-limit.ts';
import { type Refusal, refusalOf, refuse, terminate } from './refusal.ts';
import { type CompiledRoute, matchRoute, type RouteMatch } from './route-table.ts';
import type { TokenCheck } from './token-check.ts';

export interface GatewaySetup {
  readonly routes: readonly CompiledRoute[];
  readonly upstream: Upstream;
  /** Present when routes need tokens. Never rejects. */
  readonly checkToken: ((headers: IncomingHttpHeaders) => Promise<TokenCheck>) | undefined;
  readonly maxBodyBytes: number;
  /** Known once listening. */
  readonly port: () => number;
  readonly randomUUID: () => string;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly quota: (route: string, perMinute: number, caller: string) => Quota;
  readonly onEvent: (event: BifrostEvent) => void;
}

/** One request's way: route, preflight, token, size, limit, forward. The server behind checks the bearer in any case. */
export function createGateway(setup: GatewaySetup): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const requestId = one(request.headers['x-request-id']) ?? setup.randomUUID();
    const method = request.method ?? 'GET';
    const target = parseRequestTarget(request.url ?? '');
    const match = target && matchRoute(setup.routes, { method, path: target.path, headers: request.headers });
    report(setup, { request, response, requestId, match });

    if (!target) return refuse(response, 'badTarget', requestId);
    if (!match) return refuse(response, 'noRoute', requestId);
    if (match.route.cors && isPreflight(method, request.headers)) {
      response.writeHead(200, {
        ...preflightHeaders(match.route, request.headers),
        'content-length': '0',
        'x-request-id': requestId,
      });
      response.end();
      return;
    }
    const arrival = { request, response, requestId, match, path: target.path, search: target.search };
    if (!match.route.needsToken || !setup.checkToken) return admit(setup, arrival, NOBODY);
    setup.checkToken(request.headers).then((check) => {
      if (check.ok) return admit(setup, arrival, check);
      const headers = check.reason === 'unauthorized' ? [['www-authenticate', check.challenge] as const] : [];
      refuse(response, check.reason, requestId, withCors(match.route, request.headers.origin, headers));
    });
  };
}

type Arrival = Omit<Passage, 'quota' | 'identity' | 'body'>;
type Caller = Pick<Extract<TokenCheck, { ok: true }>, 'identity'> & { readonly user: string | undefined };

const NOBODY: Caller = { identity: {}, user: undefined };

function admit(setup: GatewaySetup, arrival: Arrival, { identity, user }: Caller): void {
  const { request, response, requestId, match } = arrival;
  const { route } = match;
  const own = (headers: HeaderList): HeaderList => withCors(route, request.headers.origin, headers);
  const tooLarge = (): void => {
    // The rest of the body is not wanted, so the connection cannot be used again.
    refuse(response, 'tooLarge', requestId, own([['connection', 'close']]));
  };
  if (isDeclaredOver(request, route.body?.maxBytes ?? setup.maxBodyBytes)) return tooLarge();
  const quota = quotaOf(setup, route, { request, user });
  if (quota?.isExceeded) return refuse(response, 'tooMany', requestId, own(quotaHeaders(quota)));
  if (route.answer) return terminate(response, route.answer, own([['x-request-id', requestId]]));
  if (route.mcpHeaders && !hasMcpHeaders(request.method ?? 'GET', request.headers)) {
    return terminate(response, MISSING_HEADERS, own([['x-request-id', requestId]]));
  }
  const passage = { ...arrival, quota, identity };
  if (!route.body || !hasRuledBody(request)) return forward(setup, { ...passage, body: undefined });
  const { body: rule } = route;
  readBody(request, rule.maxBytes).then(
    (bytes) => {
      const ruled = applyBodyRule(rule, bytes.toString());
      if (ruled.ok) return forward(setup, { ...passage, body: Buffer.from(ruled.body) });
      const answer = { status: 400, contentType: 'application/json', body: formatBodyProblem(ruled.problem) };
      terminate(response, answer, own([['x-request-id', requestId]]));
    },
    (error: unknown) => (error instanceof BodyTooLarge ? tooLarge() : response.destroy()),
  );
}

function hasRuledBody({ method }: IncomingMessage): boolean {
  return method === 'POST' || method === 'PUT';
}

function quotaOf(
  setup: GatewaySetup,
  { name, perMinute, limitBy }: CompiledRoute,
  { request, user }: { readonly request: IncomingMessage; readonly user: string | undefined },
): Quota | undefined {
  if (perMinute === undefined) return undefined;
  const address = request.socket.remoteAddress ?? '';
  return setup.quota(name, perMinute, limitBy === 'address' ? address : (user ?? callerOf(request)));
}

interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly match: RouteMatch;
  readonly quota: Quota | undefined;
  readonly identity: Readonly<Record<string, string>>;
  /** In place of the request's own. */
  readonly body: Buffer | undefined;
  readonly path: string;
  readonly search: string;
}

function forward(setup: GatewaySetup, passage: Passage): void {
  const { request, response, requestId, match, quota, identity, body, path, search } = passage;
  const { route } = match;
  const origin = request.headers.origin;
  let exchange: UpstreamExchange | undefined;
  const relay = createRelay(response, () => exchange);

  const fail = (error: Error): void => {
    if (response.headersSent) {
      // Cut, so that the client sees a broken answer and not a short one.
      response.destroy();
      return;
    }
    const refusal: Refusal = error instanceof BodyTooLarge ? 'tooLarge' : refusalOf(error);
    const close: [string, string][] = refusal === 'tooLarge' ? [['connection', 'close']] : [];
    refuse(response, refusal, requestId, withCors(route, origin, close));
  };

  exchange = setup.upstream.send(
    {
      origin: route.origin,
      method: request.method ?? 'GET',
      path: forwardedPath(match, path) + search,
      headers: forwardedHeaders(request, { match, path, requestId, port: setup.port(), identity, body }),
      body: body ? Readable.from([body]) : bodyOf(request, setup.maxBodyBytes),
    },
    {
      head: (head) =>
        relay.head({
          ...head,
          headers: withHeaders(withCors(route, origin, withoutHopByHop(head.headers)), {
            'x-request-id': requestId,
            ...(quota && Object.fromEntries(quotaHeaders(quota))),
          }),
        }),
      data: relay.data,
      end: relay.end,
      error: fail,
    },
  );
  response.once('close', () => {
    if (!response.writableFinished) exchange?.abort(new Error('The client closed the connection.'));
  });
}

function bodyOf(request: IncomingMessage, maxBodyBytes: number): Readable | undefined {
  if (!hasBody(request)) return undefined;
  if (request.headers['content-length'] !== undefined) return request;
  // undici learns of the failure from the stream itself.
  return pipeline(request, createBodyCap(maxBodyBytes), () => undefined);
}

function report(
  setup: GatewaySetup,
  {
    request,
    response,
    requestId,
    match,
  }: Pick<Passage, 'request' | 'response' | 'requestId'> & { match: RouteMatch | undefined },
): void {
  const started = setup.now();
  const route = match?.route.name;
  const path = request.url ?? '';
  setup.onEvent({ type: 'request', requestId, method: request.method ?? 'GET', path, route });
  response.once('close', () => {
    const aborted = !response.writableFinished;
    setup.onEvent({
      type: 'response',
      requestId,
      route,
      status: response.headersSent ? response.statusCode : 0,
      durationMs: setup.now() - started,
      aborted,
    });
  });
}

function one(value: string | string[] | undefined): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return first === '' ? undefined : first;
}
