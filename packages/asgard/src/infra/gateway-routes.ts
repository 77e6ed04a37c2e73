import type { GatewayAnswer, GatewayCors, GatewayRoute } from '@asgard/devstack';
import { corsHeadersOf, EXPOSED_HEADERS } from './cors.ts';
import { denialBody } from './kong/scripts.ts';
import type { InfraRoute, RouteTarget } from './routes.ts';
import type { InfraSettings } from './settings.ts';

/** Origins of the servers behind the gateway, such as `http://127.0.0.1:8080`. */
export type RoutePlaces = Readonly<Record<RouteTarget, string>>;

/**
 * The table in the terms of the gateway stand-in. It checks no tokens: Odin behind it does.
 */
export function toGatewayRoutes(
  routes: readonly InfraRoute[],
  places: RoutePlaces,
  settings: InfraSettings,
): readonly GatewayRoute[] {
  const cors = gatewayCors(settings);
  return routes.map((route) => ({
    name: route.name,
    paths: route.paths,
    match: route.match,
    ...(route.methods ? { methods: route.methods } : {}),
    ...(route.headers ? { headers: toLists(route.headers) } : {}),
    // The identity provider stand-in answers at the well-known paths itself, so no path is replaced.
    ...(route.denied ? { answer: denial(settings) } : { upstream: places[route.target] }),
    ...(route.mcpHeaders ? { mcpHeaders: true } : {}),
    ...(route.perMinute === undefined ? {} : { perMinute: route.perMinute }),
    ...(route.access === 'token' ? { cors } : {}),
  }));
}

function denial(settings: InfraSettings): GatewayAnswer {
  return { status: 403, body: denialBody(settings) };
}

function gatewayCors(settings: InfraSettings): GatewayCors {
  const allowHeaders = corsHeadersOf(settings);
  return {
    origins: settings.corsOrigins,
    exposeHeaders: EXPOSED_HEADERS,
    ...(allowHeaders ? { allowHeaders } : {}),
  };
}

function toLists(headers: Readonly<Record<string, string>>): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
}
