import type { Configuration } from 'oidc-provider';
import { isLoopback } from '../loopback.ts';

/**
 * How the issuer calls clients: those of this machine freely, without the library's `dispatcher`, which guards against just that. Of others it
 * only reads documents, over https and with the guard, so that no name leads into a private network; nothing is posted to them. What is asked
 * for as JSON must be said to be JSON: a page or a picture that somebody may put on a host of others is no document of that host.
 */
export function createClientFetch(fetcher: typeof fetch): NonNullable<Configuration['fetch']> {
  return async (input, options = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const response = await call(fetcher, url, options);
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok || !wantsJson(options) || /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) return response;
    await response.body?.cancel();
    throw new Error(`${url.host} answers with "${type}" instead of JSON.`);
  };
}

async function call(fetcher: typeof fetch, url: URL, options: RequestInit): Promise<Response> {
  const { dispatcher, ...rest } = options as RequestInit & { dispatcher?: unknown };
  if (isLoopback(url.hostname)) return fetcher(url.href, rest);
  const reads = rest.method === undefined || rest.method === 'GET';
  if (reads && url.protocol === 'https:' && dispatcher) return fetcher(url.href, options);
  throw new Error(`${url.host} is not on this machine.`);
}

function wantsJson({ headers }: RequestInit): boolean {
  return new Headers(headers).get('accept') === 'application/json';
}
