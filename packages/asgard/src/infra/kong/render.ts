import { stringify } from 'yaml';
import type { InfraRoute } from '../route.ts';
import { infraRoutes } from '../routes.ts';
import type { InfraSettings } from '../settings.ts';
import type { KongConfig, KongPlugin, KongRoute, KongService } from './config.ts';
import { bodyPlugins, denial, globalPlugins, rateLimit, serverPlugins, tokenPlugins } from './plugins.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const WRITE_TIMEOUT_MS = 60_000;
const PLAIN_READ_TIMEOUT_MS = 60_000;
/** A stream ends by the rule of Odin, not by the gateway's. */
const SPARE_MS = 60_000;

/** The configuration of the gateway, from the route table. */
export function kongConfig(settings: InfraSettings): KongConfig {
  const groups = new Map<string, InfraRoute[]>();
  for (const route of infraRoutes(settings)) {
    const name = serviceName(route);
    groups.set(name, [...(groups.get(name) ?? []), route]);
  }
  return {
    _format_version: '3.0',
    _transform: true,
    plugins: globalPlugins(settings),
    services: [...groups].map(([name, routes]) => kongService(name, routes, settings)),
  };
}

/** kong.yml */
export function renderKong(settings: InfraSettings): string {
  return `# Made by "asgard infra" from its route table. Change asgard.json, not this file.\n${stringify(kongConfig(settings), { lineWidth: 0 })}`;
}

/** Routes share a service when they go to one place under one rule for tokens; a replaced path is a service of its own. */
function serviceName({ name, target, access, replacePath }: InfraRoute): string {
  if (replacePath !== undefined) return name;
  if (access === 'server') return `${target}-tenants`;
  return access === 'token' || target === 'heimdall' ? target : `${target}-open`;
}

function kongService(name: string, routes: readonly InfraRoute[], settings: InfraSettings): KongService {
  const [first] = routes;
  const target = first?.target ?? 'odin';
  const streaming = target !== 'heimdall';
  const plugins = servicePlugins(routes, settings);
  return {
    name,
    url: `${originOf(target, settings)}${first?.replacePath ?? ''}`,
    connect_timeout: CONNECT_TIMEOUT_MS,
    read_timeout: streaming ? settings.maxHoldSeconds * 1000 + SPARE_MS : PLAIN_READ_TIMEOUT_MS,
    write_timeout: WRITE_TIMEOUT_MS,
    // A tools/call that was sent may have been carried out: never send it again.
    retries: 0,
    ...(plugins ? { plugins } : {}),
    routes: routes.map((route) => kongRoute(route, settings)),
  };
}

function servicePlugins(routes: readonly InfraRoute[], settings: InfraSettings): readonly KongPlugin[] | undefined {
  const mcpHeaders = routes.some((route) => route.mcpHeaders);
  const access = routes[0]?.access;
  if (access === 'token') return tokenPlugins(settings, mcpHeaders);
  return access === 'server' ? serverPlugins(settings, mcpHeaders) : undefined;
}

function kongRoute(route: InfraRoute, settings: InfraSettings): KongRoute {
  const plugins: KongPlugin[] = [
    ...(route.perMinute === undefined ? [] : [rateLimit(route.perMinute, route.limitBy ?? 'user')]),
    ...(route.denied ? [denial(settings)] : []),
    ...(route.body ? bodyPlugins(route.body) : []),
  ];
  return {
    name: route.name,
    paths: route.match === 'exact' ? route.paths.map(exactPath) : route.paths,
    ...(route.hosts ? { hosts: route.hosts } : {}),
    ...(route.methods ? { methods: route.methods } : {}),
    ...(route.headers ? { headers: toLists(route.headers) } : {}),
    strip_path: route.replacePath !== undefined,
    preserve_host: true,
    request_buffering: false,
    response_buffering: false,
    ...(plugins.length > 0 ? { plugins } : {}),
  };
}

function originOf(target: InfraRoute['target'], { server }: InfraSettings): string {
  if (target === 'heimdall') return 'http://heimdall:8080';
  if (target === 'hermod') return 'http://hermod:7999';
  return odinOrigin(server);
}

/** Where gateway and proxy reach the MCP server. */
export function odinOrigin(server: InfraSettings['server']): string {
  return server.kind === 'container' ? 'http://odin:8080' : `http://host.docker.internal:${server.port}`;
}

function exactPath(path: string): string {
  return `~${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
}

function toLists(headers: Readonly<Record<string, string>>): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
}
