import { isHeimdallError } from '@asgard/heimdall-client';
import type { Site } from '../auth/site.ts';
import type { Sites } from '../auth/sites.ts';
import type { HttpRequest } from './message.ts';
import { isLoopbackName, type ResolvedHttp } from './options.ts';
import { trimOws } from './ows.ts';
import { type Refusal, refuse } from './refusal.ts';

/**
 * The site that a request is for, by its Host. A name that is nobody's, such as one that was rebound to this address,
 * gets nothing (MCP 2026-07-28, basic/transports, "Security Warning").
 */
export function findSite(
  request: HttpRequest,
  http: ResolvedHttp,
  sites: Sites,
): Site | Refusal | Promise<Site | Refusal> {
  const host = request.header('host')?.toLowerCase();
  if (host === undefined) return UNKNOWN_HOST;
  if (host.includes(',')) return SEVERAL_HOSTS;
  return isKnownHost(host, http) ? sites.main : findTenant(host, sites);
}

async function findTenant(host: string, sites: Sites): Promise<Site | Refusal> {
  try {
    return (await sites.ofTenant(host)) ?? UNKNOWN_HOST;
  } catch (error) {
    if (!isHeimdallError(error) || error.status !== 503) throw error;
    const retryAfter = String(error.retryAfterSeconds ?? 1);
    return refuse(503, 'Service Unavailable: the site of this Host cannot be found right now', {
      'retry-after': retryAfter,
    });
  }
}

/** A page of another site gets nothing either. */
export function checkOrigin(request: HttpRequest, http: ResolvedHttp, { tenant, auth }: Site): Refusal | undefined {
  const origin = request.header('origin');
  if (origin === undefined) return undefined;
  const own = tenant && auth ? new URL(auth.resource).origin === origin : isKnownOrigin(origin, http);
  return own || http.origins.has(origin)
    ? undefined
    : refuse(403, 'Forbidden: requests from that Origin are not allowed');
}

/** RFC 9112 section 3.2: whoever stands in front may have gone by the other one. */
const SEVERAL_HOSTS = refuse(400, 'Bad Request: more than one Host');
const UNKNOWN_HOST = refuse(403, 'Forbidden: this server does not answer for that Host');

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
  if (contentType === undefined || contentType === 'application/json') return contentType;
  return trimOws(contentType.split(';', 1)[0] ?? '').toLowerCase();
}
