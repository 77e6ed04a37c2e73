import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import type { LoginHandler } from './login.ts';
import { isLoopbackOrigin, routes, sessionCookie } from './provider-options.ts';
import { defaultScope } from './resources.ts';

/** What a request handler of the issuer is made of. */
export interface EndpointParts {
  readonly provider: Provider;
  readonly login: LoginHandler;
  /** The issuer's public URL. */
  readonly issuer: URL;
  /** Path of the issuer, without a slash at the end. */
  readonly mountPath: string;
}

type MountedRequest = IncomingMessage & { originalUrl?: string };

/**
 * Creates the request handler of an issuer that has a path. It serves everything below that path as it is seen from outside, and the metadata at
 * the root forms of RFC 8414 section 3.1 as well.
 */
export function createEndpoint({ provider, login, issuer, mountPath }: EndpointParts): RequestListener {
  const handleProvider = provider.callback();
  // The provider makes URLs from the request: it is told the public ones, whatever the request says.
  provider.proxy = true;

  /** Hands a request on as one for `path` below the issuer; connect's `originalUrl` tells the rest. */
  function forward(request: MountedRequest, response: ServerResponse, path: string): void {
    request.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
    request.headers['x-forwarded-host'] = issuer.host;
    request.originalUrl = `${mountPath}${path}`;
    request.url = path;
    handleProvider(request, response).catch(() => response.destroy());
  }

  return (request, response) => {
    const [pathname = '/', query] = (request.url ?? '/').split('?', 2);
    const metadata = metadataPath(pathname, mountPath);
    if (metadata !== undefined) return forward(request, response, metadata);
    if (!pathname.startsWith(`${mountPath}/`)) return notFound(response);

    const path = pathname.slice(mountPath.length);
    if (path.startsWith('/login/')) {
      login(request, response).catch(() => response.destroy());
      return;
    }
    if (path === routes.registration && allowBrowsers(request, response)) return;
    if (path.startsWith(routes.authorization)) forgetSession(request);
    if (path === routes.authorization) return forward(request, response, `${path}?${withScope(query ?? '')}`);
    forward(request, response, query === undefined ? path : `${path}?${query}`);
  };
}

/** The path below the issuer of metadata that was asked for at a root form; `undefined` for any other path. */
function metadataPath(pathname: string, mountPath: string): string | undefined {
  const found = /^(\/\.well-known\/(?:oauth-authorization-server|openid-configuration))(\/.*)?$/.exec(pathname);
  return found && (found[2] ?? '') === mountPath ? found[1] : undefined;
}

/** Every sign-in is a session of its own, so that two clients of one browser can be two users. */
function forgetSession(request: IncomingMessage): void {
  const cookies = request.headers.cookie?.split('; ').filter((cookie) => !cookie.startsWith(sessionCookie));
  if (cookies) request.headers.cookie = cookies.join('; ');
}

/** A client that asks for no scope gets the default one; the provider itself would refuse it. */
function withScope(query: string): string {
  return new URLSearchParams(query).has('scope') ? query : `${query}&scope=${defaultScope}`;
}

/**
 * Lets pages of this machine register clients, as browser based MCP clients do; the provider has no CORS there.
 *
 * @returns whether the request was a preflight and is answered
 */
function allowBrowsers(request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  response.setHeader('vary', 'Origin');
  if (origin !== undefined && isLoopbackOrigin(origin)) response.setHeader('access-control-allow-origin', origin);
  if (request.method !== 'OPTIONS') return false;
  response.writeHead(204, {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? 'content-type',
    'access-control-max-age': '3600',
  });
  response.end();
  return true;
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'application/json' });
  response.end('{"error":"not_found","error_description":"Nothing of the issuer is here."}');
}
