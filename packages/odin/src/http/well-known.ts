import { resourceMetadata } from '../auth/metadata.ts';
import type { ResolvedAuth } from '../auth/resolve.ts';
import type { HttpRequest, HttpResponder } from './message.ts';

const ROOT = '/.well-known/oauth-protected-resource';

export interface WellKnownOptions {
  readonly auth: ResolvedAuth;
  /** Path of the MCP endpoint. */
  readonly path: string;
  readonly serverName: string;
  readonly scopes: () => readonly string[];
}

export function isWellKnownPath(requestPath: string, path: string): boolean {
  return requestPath === ROOT || requestPath === `${ROOT}${path}`;
}

/** The RFC 9728 document, for browsers of any origin too: it is public and needs no credentials. */
export function serveWellKnown(request: HttpRequest, responder: HttpResponder, options: WellKnownOptions): void {
  const cors = {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET',
    'access-control-allow-headers': '*',
  };
  if (request.method === 'OPTIONS') return responder.send(204, cors);
  if (request.method !== 'GET' && request.method !== 'HEAD') return responder.send(405, { allow: 'GET' });
  const document = resourceMetadata(options.auth, options.serverName, options.scopes());
  return responder.send(
    200,
    { ...cors, 'content-type': 'application/json', 'cache-control': 'max-age=300' },
    JSON.stringify(document),
  );
}
