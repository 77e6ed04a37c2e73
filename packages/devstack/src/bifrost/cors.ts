import type { IncomingHttpHeaders } from 'node:http';
import { type HeaderList, headerValue, withHeaders, withoutHeaders } from '../http/header-list.ts';
import type { CompiledRoute } from './route-table.ts';

/** A browser's question before a cross-origin request (Fetch standard, section 4.8). */
export function isPreflight(method: string, headers: IncomingHttpHeaders): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

/** The answer to a preflight. An origin that is not on the list gets no permission, and no other answer either. */
export function preflightHeaders(route: CompiledRoute, headers: IncomingHttpHeaders): Record<string, string> {
  const cors = route.cors;
  const origin = cors && allowedOrigin(route, headers.origin);
  if (!cors || !origin) return { vary: 'Origin' };
  const asked = headers['access-control-request-headers'];
  const allowHeaders = cors.allowHeaders?.join(',') ?? (typeof asked === 'string' ? asked : undefined);
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-allow-methods': cors.methods.join(','),
    'access-control-max-age': String(cors.maxAgeSeconds),
    ...(allowHeaders ? { 'access-control-allow-headers': allowHeaders } : {}),
  };
}

/** Makes the gateway's rule the only one on a response: what the service said about origins is replaced. */
export function withCors(route: CompiledRoute, origin: string | undefined, headers: HeaderList): HeaderList {
  if (!route.cors) return headers;
  const own = withoutHeaders(headers, (name) => name.startsWith('access-control-'));
  const vary = headerValue(own, 'vary');
  const allowed = allowedOrigin(route, origin);
  return withHeaders(own, {
    vary: vary && !/\borigin\b/i.test(vary) ? `${vary}, Origin` : (vary ?? 'Origin'),
    ...(allowed
      ? {
          'access-control-allow-origin': allowed,
          'access-control-expose-headers': route.cors.exposeHeaders.join(','),
        }
      : {}),
  });
}

function allowedOrigin(route: CompiledRoute, origin: string | undefined): string | undefined {
  return origin !== undefined && route.cors?.origins.includes(origin) ? origin : undefined;
}
