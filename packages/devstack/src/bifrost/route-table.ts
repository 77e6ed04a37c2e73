import type { IncomingHttpHeaders } from 'node:http';
import { DevstackError } from '../errors.ts';
import type { GatewayBodyRule } from './body-rule.ts';
import type { GatewayAnswer, GatewayCors, GatewayRoute } from './route.ts';

/** A route with every option filled in and its rules made ready to run. */
export interface CompiledRoute {
  readonly name: string;
  readonly paths: readonly string[];
  readonly exact: boolean;
  readonly methods: ReadonlySet<string> | undefined;
  readonly hosts: ReadonlySet<string> | undefined;
  readonly headers: readonly HeaderRule[];
  /** How many kinds of rule the route has; more win over fewer. */
  readonly kinds: number;
  readonly origin: string;
  /** Path in front of the forwarded one, without a slash at its end. */
  readonly basePath: string;
  readonly upstreamHost: string;
  readonly mcpHeaders: boolean;
  readonly stripPath: boolean;
  readonly preserveHost: boolean;
  readonly answer: Required<GatewayAnswer> | undefined;
  readonly needsToken: boolean;
  readonly perMinute: number | undefined;
  readonly limitBy: 'user' | 'address';
  readonly body: GatewayBodyRule | undefined;
  readonly cors: (Required<Omit<GatewayCors, 'allowHeaders'>> & Pick<GatewayCors, 'allowHeaders'>) | undefined;
}

interface HeaderRule {
  readonly name: string;
  accepts(value: string): boolean;
}

export interface RouteMatch {
  readonly route: CompiledRoute;
  /** The configured path that matched. */
  readonly path: string;
}

export interface RouteQuery {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

const EXPOSED = ['WWW-Authenticate', 'Mcp-Session-Id', 'MCP-Protocol-Version', 'X-Request-Id'];

/**
 * Checks a table and makes it ready to match.
 *
 * @throws DevstackError `bad_option`, naming the route
 */
export function compileRoutes(routes: readonly GatewayRoute[]): readonly CompiledRoute[] {
  const names = new Set<string>();
  return routes.map((route) => {
    if (!route.name || names.has(route.name)) {
      throw new DevstackError('bad_option', `Gateway route name "${route.name}" is empty or used twice.`);
    }
    names.add(route.name);
    return compileRoute(route);
  });
}

/** The best route for a request, or undefined. */
export function matchRoute(routes: readonly CompiledRoute[], query: RouteQuery): RouteMatch | undefined {
  let best: RouteMatch | undefined;
  for (const route of routes) {
    if (route.methods && !route.methods.has(query.method)) continue;
    if (route.hosts && !route.hosts.has(hostOf(query.headers))) continue;
    if (!route.headers.every((rule) => acceptsHeader(rule, query.headers))) continue;
    for (const path of route.paths) {
      const hit = route.exact ? query.path === path : query.path.startsWith(path);
      if (hit && (!best || isBetter({ route, path }, best))) best = { route, path };
    }
  }
  return best;
}

function isBetter(candidate: RouteMatch, best: RouteMatch): boolean {
  if (candidate.route.kinds !== best.route.kinds) return candidate.route.kinds > best.route.kinds;
  if (candidate.route.exact !== best.route.exact) return candidate.route.exact;
  return candidate.path.length > best.path.length;
}

/** Without the port, as Kong compares it. */
function hostOf({ host = '' }: IncomingHttpHeaders): string {
  return host.replace(/:\d*$/, '').toLowerCase();
}

function acceptsHeader(rule: HeaderRule, headers: IncomingHttpHeaders): boolean {
  const value = headers[rule.name];
  return typeof value === 'string' && rule.accepts(value);
}

function compileRoute(route: GatewayRoute): CompiledRoute {
  const fail = (why: string): never => {
    throw new DevstackError('bad_option', `Gateway route "${route.name}": ${why}`);
  };
  if (route.paths.length === 0 || !route.paths.every((path) => path.startsWith('/'))) {
    fail('paths must be one or more paths that start with "/".');
  }
  const { perMinute, answer } = route;
  if (perMinute !== undefined && !(Number.isInteger(perMinute) && perMinute > 0)) {
    fail(`perMinute is ${perMinute}, which is not a number of requests above 0.`);
  }
  const upstream = answer === undefined ? readUpstream(route.upstream, fail) : undefined;
  const headers = Object.entries(route.headers ?? {}).map(([name, values]) => compileHeader(name, values));
  return {
    name: route.name,
    paths: route.paths,
    exact: route.match === 'exact',
    methods: route.methods && new Set(route.methods),
    hosts: route.hosts && new Set(route.hosts.map((host) => host.toLowerCase())),
    headers,
    kinds: 1 + (route.methods ? 1 : 0) + (headers.length > 0 ? 1 : 0) + (route.hosts ? 1 : 0),
    origin: upstream?.origin ?? '',
    basePath: upstream?.pathname.replace(/\/+$/, '') ?? '',
    upstreamHost: upstream?.host ?? '',
    answer: answer && { contentType: 'application/json', ...answer },
    needsToken: route.needsToken ?? false,
    perMinute,
    limitBy: route.limitBy ?? 'user',
    body: route.body,
    mcpHeaders: route.mcpHeaders ?? false,
    stripPath: route.stripPath ?? false,
    preserveHost: route.preserveHost ?? true,
    cors: route.cors && compileCors(route.cors, fail),
  };
}

function readUpstream(upstream: string | undefined, fail: (why: string) => never): URL {
  if (upstream === undefined) return fail('it has neither upstream nor answer.');
  if (!URL.canParse(upstream) || !/^https?:/.test(upstream)) fail(`upstream "${upstream}" is not an http(s) URL.`);
  return new URL(upstream);
}

function compileHeader(name: string, values: readonly string[]): HeaderRule {
  const tests = values.map((value) => {
    if (!value.startsWith('~*')) return (actual: string) => actual === value;
    const pattern = new RegExp(value.slice(2), 'i');
    return (actual: string) => pattern.test(actual);
  });
  return { name: name.toLowerCase(), accepts: (actual) => tests.some((test) => test(actual)) };
}

function compileCors(cors: GatewayCors, fail: (why: string) => never): CompiledRoute['cors'] {
  for (const origin of cors.origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      fail(`cors.origins has "${origin}", which is not an exact origin such as http://localhost:6274.`);
    }
  }
  return {
    origins: cors.origins,
    methods: cors.methods ?? ['GET', 'POST', 'DELETE', 'OPTIONS'],
    exposeHeaders: cors.exposeHeaders ?? EXPOSED,
    maxAgeSeconds: cors.maxAgeSeconds ?? 600,
    ...(cors.allowHeaders ? { allowHeaders: cors.allowHeaders } : {}),
  };
}
