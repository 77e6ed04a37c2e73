import type { IncomingMessage } from 'node:http';
import {
  type HeaderList,
  headerValue,
  parseRawHeaders,
  withHeaders,
  withoutHeaders,
  withoutHopByHop,
} from '../http/header-list.ts';
import type { CompiledRoute, RouteMatch } from './route-table.ts';

/** Fields that only a gateway may set; from a client they are forgeries. */
const IDENTITY: ReadonlySet<string> = new Set([
  'x-userinfo',
  'x-id-token',
  'x-access-token',
  'x-credential-identifier',
  'x-anonymous-consumer',
]);

/** Whether a request header claims an identity. `name` is lower case. */
export function isIdentityHeader(name: string): boolean {
  return IDENTITY.has(name) || name.startsWith('x-consumer-');
}

export interface Forwarding {
  readonly match: RouteMatch;
  readonly path: string;
  readonly requestId: string;
  readonly port: number;
  /** What the gateway knows of the caller; a client's own are gone. */
  readonly identity: Readonly<Record<string, string>>;
  /** JSON in place of what the client sent. */
  readonly body: Buffer | undefined;
}

/** The headers for the service: identity and hop-by-hop fields gone, the X-Forwarded family said by the gateway itself. */
export function forwardedHeaders(
  request: IncomingMessage,
  { match, path, requestId, port, identity, body }: Forwarding,
): HeaderList {
  const received = withoutHeaders(
    withoutHopByHop(parseRawHeaders(request.rawHeaders)),
    (name) => isIdentityHeader(name) || name === 'expect',
  );
  const host = request.headers.host ?? '';
  const client = request.socket.remoteAddress ?? '';
  const before = headerValue(received, 'x-forwarded-for');
  return withHeaders(received, {
    host: match.route.preserveHost ? host : match.route.upstreamHost,
    'x-forwarded-for': before ? `${before}, ${client}` : client,
    'x-forwarded-proto': 'http',
    'x-forwarded-host': host.replace(/:\d*$/, ''),
    'x-forwarded-port': String(port),
    'x-forwarded-path': path,
    'x-forwarded-prefix': match.route.stripPath ? match.path : undefined,
    'x-real-ip': client,
    'x-request-id': requestId,
    via: '1.1 bifrost',
    ...identity,
    ...(body && {
      'content-type': 'application/json',
      'content-length': String(body.length),
      'content-encoding': undefined,
    }),
  });
}

/** The path at the service. */
export function forwardedPath({ route, path: matched }: RouteMatch, path: string): string {
  const rest = route.stripPath ? path.slice(matched.length) : path;
  return joinPath(route, rest);
}

function joinPath(route: CompiledRoute, rest: string): string {
  return rest.startsWith('/') ? `${route.basePath}${rest}` : `${route.basePath}/${rest}`;
}
