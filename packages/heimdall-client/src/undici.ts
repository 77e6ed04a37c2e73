import { type Dispatcher, Pool } from 'undici';

/** Options of `createPooledFetch`. */
export interface PooledFetchOptions {
  /** Most connections to each origin; more requests wait for one. @default 32 */
  readonly connections?: number;
  /** How long an idle connection is kept, milliseconds. @default 30_000 */
  readonly keepAliveMs?: number;
}

/** A fetch for the option `fetch`, and the way to end its connections. */
export interface PooledFetch {
  readonly fetch: typeof fetch;
  /** Lets requests under way finish, then closes all connections. */
  close(): Promise<void>;
}

/** Origins that are remembered: an issuer is one or two of them. */
const maxOrigins = 100;

/** Statuses whose answers have no body (Fetch standard, "null body status"). */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Creates a fetch over undici's connection pools, for the requests of this package: introspection with it takes about a third of the time and CPU that it
 * takes with the global fetch, and the number of connections is bounded. It knows URLs, GET and POST, plain headers, text and form bodies
 * and signals; it follows no redirects and decodes no compression.
 */
export function createPooledFetch(options: PooledFetchOptions = {}): PooledFetch {
  const { connections = 32, keepAliveMs = 30_000 } = options;
  const pools = new Map<string, Pool>();

  function poolOf(origin: string): Pool {
    const known = pools.get(origin);
    if (known) return known;
    if (pools.size >= maxOrigins) throw new TypeError(`More than ${maxOrigins} origins are asked.`);
    const pool = new Pool(origin, { connections, keepAliveTimeout: keepAliveMs, pipelining: 1 });
    pools.set(origin, pool);
    return pool;
  }

  async function pooledFetch(input: string | URL | Request, request: RequestInit = {}): Promise<Response> {
    if (input instanceof Request) throw new TypeError('This fetch takes a URL, not a Request.');
    const { origin, pathname, search } = new URL(input);
    const answer = await poolOf(origin).request({
      path: pathname + search,
      method: (request.method ?? 'GET') as Dispatcher.HttpMethod,
      ...bodyAndHeaders(request),
      ...(request.signal && { signal: request.signal }),
    });
    const headers = Object.entries(answer.headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((entry): [string, string] => [name, entry]),
    );
    const init = { status: answer.statusCode, headers };
    if (!bodiless.has(init.status)) return new Response(answer.body as unknown as BodyInit, init);
    await answer.body.dump();
    return new Response(null, init);
  }

  return {
    fetch: pooledFetch,
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      pools.clear();
    },
  };
}

function bodyAndHeaders({ body, headers }: RequestInit): { body?: string; headers: Record<string, string> } {
  const plain = Object.fromEntries(new Headers(headers));
  if (body === undefined || body === null) return { headers: plain };
  if (body instanceof URLSearchParams) {
    return {
      body: String(body),
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8', ...plain },
    };
  }
  if (typeof body === 'string') return { body, headers: plain };
  throw new TypeError('This fetch takes text and forms as bodies only.');
}
