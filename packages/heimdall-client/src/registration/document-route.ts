import { wholeNumber } from '../option-rules.ts';
import { type ClientDocumentOptions, formatClientDocument } from './metadata-document.ts';

/** Options of `withClientDocument`. */
export interface ClientDocumentRouteOptions extends ClientDocumentOptions {
  /** How long issuers may keep the document before they read it again, seconds. @default 3_600 */
  readonly maxAgeSeconds?: number;
}

/** A web-standard handler, as every fetch-style framework has one. */
export type WebHandler = (request: Request) => Response | Promise<Response>;

/**
 * Serves the document that stands for a client (OAuth Client ID Metadata Document), at the path of its own `url`; every other request goes to the
 * handler. Issuers follow no redirect to it and take no other type than JSON.
 *
 * @throws HeimdallError `bad_option`
 */
export function withClientDocument(handler: WebHandler, options: ClientDocumentRouteOptions): WebHandler {
  const { maxAgeSeconds, ...client } = options;
  const body = JSON.stringify(formatClientDocument(client));
  const maxAge = wholeNumber('maxAgeSeconds', maxAgeSeconds, { fallback: 3_600, max: 31_536_000 });
  const { pathname } = new URL(client.url);
  const headers = {
    ...{ 'content-type': 'application/json', 'content-length': String(new TextEncoder().encode(body).byteLength) },
    ...{ 'cache-control': `public, max-age=${maxAge}`, 'x-content-type-options': 'nosniff' },
  };
  return (request) => {
    // The host is not looked at: behind a proxy it may be another one.
    if (new URL(request.url).pathname !== pathname) return handler(request);
    if (request.method === 'GET') return new Response(body, { headers });
    if (request.method === 'HEAD') return new Response(null, { headers });
    return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } });
  };
}
