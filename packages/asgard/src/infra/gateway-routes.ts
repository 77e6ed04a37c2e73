import type { GatewayCors, GatewayRoute } from '@asgard/devstack';
import { corsHeadersOf, EXPOSED_HEADERS } from './cors.ts';
import type { InfraRoute, RouteTarget } from './routes.ts';
import type { InfraSettings } from './settings.ts';

/** Origins of the servers behind the gateway, such as `http://127.0.0.1:8080`. */
export type RoutePlaces = Readonly<Record<RouteTarget, string>>;

/**
 * The table in the terms of the gateway stand-in. It checks no tokens and counts no calls: Odin behind it does the first, and nobody
 * the second while developing. A denied tool is sent nowhere, so that it fails there as well.
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
    upstream: route.denied ? NOWHERE : places[route.target],
    ...(route.access === 'token' ? { cors } : {}),
  }));
}

/** A port that nobody may listen on: the gateway answers 502. */
const NOWHERE = 'http://127.0.0.1:1';

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
