import type { Configuration } from 'oidc-provider';
import { isLoopback } from '../loopback.ts';

/**
 * How the issuer calls clients: those of this machine freely, without the library's `dispatcher`, which guards against just that. Of others it
 * only reads documents, over https and with the guard, so that no name leads into a private network; nothing is posted to them.
 */
export function createClientFetch(fetcher: typeof fetch): NonNullable<Configuration['fetch']> {
  return async (input, options) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const { dispatcher, ...rest } = options as RequestInit & { dispatcher?: unknown };
    if (isLoopback(url.hostname)) return fetcher(input, rest);
    const reads = rest.method === undefined || rest.method === 'GET';
    if (reads && url.protocol === 'https:' && dispatcher) return fetcher(input, options);
    throw new Error(`${url.host} is not on this machine.`);
  };
}
