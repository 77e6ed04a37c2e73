import { OdinError } from '../errors.ts';
import { delayMs, wholeNumber } from '../option-rules.ts';

export interface HttpOptions {
  /** Path of the MCP endpoint. @default the path of the server's `url`, or '/mcp' */
  readonly path?: string;
  /** Values of `Host` to accept besides loopback names and the host of `url`; with the port if it is not the scheme's own. */
  readonly allowedHosts?: readonly string[];
  /** Values of `Origin` to accept besides the origin of `url` and, on servers reached by loopback, loopback origins. */
  readonly allowedOrigins?: readonly string[];
  /** Larger request bodies are answered 413. Bytes. @default 4194304 */
  readonly maxBodyBytes?: number;
  /** How long a call may stay silent before its answer becomes a stream. Milliseconds. @default 50 */
  readonly patienceMs?: number;
  /** Interval of SSE comments that keep an idle stream open. Milliseconds. @default 15000 */
  readonly keepAliveMs?: number;
  /** Streams of `subscriptions/listen` that this process serves itself at a time; held ones do not count. @default 10000 */
  readonly maxSubscriptions?: number;
}

/** @internal All of HttpOptions, read once and checked. */
export interface ResolvedHttp {
  readonly path: string;
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
  readonly loopbackOrigins: boolean;
  readonly maxBodyBytes: number;
  readonly patienceMs: number;
  readonly keepAliveMs: number;
  readonly maxSubscriptions: number;
}

/** @throws OdinError `bad_option`, naming the option */
export function resolveHttp(options: HttpOptions = {}, url?: URL): ResolvedHttp {
  const path = options.path ?? (url && url.pathname !== '/' ? url.pathname : '/mcp');
  if (!path.startsWith('/'))
    throw new OdinError('bad_option', `http.path: must start with "/", got ${JSON.stringify(path)}.`);
  return {
    path,
    hosts: new Set([...(url ? [url.host] : []), ...(options.allowedHosts ?? [])].map((host) => host.toLowerCase())),
    origins: new Set([...(url ? [url.origin] : []), ...(options.allowedOrigins ?? [])].map(toOrigin)),
    loopbackOrigins: !url || isLoopbackName(url.hostname),
    maxBodyBytes: wholeNumber('http.maxBodyBytes', options.maxBodyBytes ?? 4_194_304),
    patienceMs: delayMs('http.patienceMs', options.patienceMs ?? 50),
    keepAliveMs: delayMs('http.keepAliveMs', options.keepAliveMs ?? 15_000),
    maxSubscriptions: wholeNumber('http.maxSubscriptions', options.maxSubscriptions ?? 10_000),
  };
}

export function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function toOrigin(origin: string): string {
  if (!URL.canParse(origin)) {
    throw new OdinError(
      'bad_option',
      `http.allowedOrigins: ${JSON.stringify(origin)} is not an origin such as https://app.example.com.`,
    );
  }
  return new URL(origin).origin;
}
