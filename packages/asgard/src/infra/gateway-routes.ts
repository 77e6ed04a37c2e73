import type { GatewayAnswer, GatewayCors, GatewayRoute } from '@asgard/devstack';
import { corsHeadersOf, EXPOSED_HEADERS } from './cors.ts';
import { denialBody } from './kong/scripts.ts';
import type { InfraRoute, RouteTarget } from './route.ts';
import type { InfraSettings } from './settings.ts';

/** Origins of the servers behind the gateway, such as `http://127.0.0.1:8080`. */
export type RoutePlaces = Readonly<Record<RouteTarget, string>>;

/**
 * The table in the terms of the gateway stand-in.
 *
 * @param settings with `checkTokens` it asks for tokens as Kong does; else Odin alone does, which may serve everybody while it is developed
 */
export function toGatewayRoutes(
  routes: readonly InfraRoute[],
  places: RoutePlaces,
  settings: InfraSettings & { readonly checkTokens?: boolean },
): readonly GatewayRoute[] {
  const cors = gatewayCors(settings);
  return routes.map((route) => ({
    name: route.name,
    paths: route.paths,
    match: route.match,
    ...(route.hosts ? { hosts: route.hosts } : {}),
    ...(route.methods ? { methods: route.methods } : {}),
    ...(route.headers ? { headers: toLists(route.headers) } : {}),
    // The identity provider stand-in answers at the well-known paths itself, so no path is replaced.
    ...(route.denied ? { answer: denial(settings) } : { upstream: places[route.target] }),
    ...(route.mcpHeaders ? { mcpHeaders: true } : {}),
    ...(route.perMinute === undefined ? {} : { perMinute: route.perMinute }),
    ...(route.limitBy ? { limitBy: route.limitBy } : {}),
    ...(route.body ? { body: route.body } : {}),
    ...(route.access === 'open' ? {} : { cors }),
    ...(route.access === 'token' && settings.checkTokens ? { needsToken: true } : {}),
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
