import type { HttpRequest } from './message.ts';
import { isLoopbackName, type ResolvedHttp } from './options.ts';
import { type Refusal, refuse } from './refusal.ts';

/**
 * Host and Origin must be ours: a page of another site, or a name that was rebound to this address, gets nothing
 * (MCP 2026-07-28, basic/transports, "Security Warning").
 */
export function checkHostAndOrigin(request: HttpRequest, http: ResolvedHttp): Refusal | undefined {
  const host = request.header('host')?.toLowerCase();
  if (host === undefined || !isKnownHost(host, http))
    return refuse(403, 'Forbidden: this server does not answer for that Host');
  const origin = request.header('origin');
  if (origin !== undefined && !isKnownOrigin(origin, http))
    return refuse(403, 'Forbidden: requests from that Origin are not allowed');
  return undefined;
}

/** The MCP endpoint takes POST only; the other methods belong to sessions, which this endpoint does not keep. */
export function checkMethodAndType(request: HttpRequest): Refusal | undefined {
  if (request.method !== 'POST') return refuse(405, 'Method not allowed.', { allow: 'POST' });
  if (mediaType(request.header('content-type')) !== 'application/json') {
    return refuse(415, 'Unsupported Media Type: Content-Type must be application/json');
  }
  return undefined;
}

function isKnownHost(host: string, http: ResolvedHttp): boolean {
  return http.hosts.has(host) || isLoopbackName(host.replace(/:\d{1,5}$/, ''));
}

function isKnownOrigin(origin: string, http: ResolvedHttp): boolean {
  if (http.origins.has(origin)) return true;
  return http.loopbackOrigins && URL.canParse(origin) && isLoopbackName(new URL(origin).hostname);
}

function mediaType(contentType: string | undefined): string | undefined {
  return contentType === 'application/json' ? contentType : contentType?.split(';', 1)[0]?.trim().toLowerCase();
}
