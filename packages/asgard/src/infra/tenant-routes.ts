import type { InfraRoute } from './route.ts';

/**
 * The same routes for the hosts of tenants. Their tokens are for other audiences, maybe of other issuers, which the gateway cannot check: it looks
 * for one audience, and its cache of checked tokens leaves the audience out. So it lets them through to Odin, which checks every token itself and
 * writes the challenge of the host that was asked.
 */
export function tenantRoutes(routes: readonly InfraRoute[], hosts: readonly string[]): readonly InfraRoute[] {
  if (hosts.length === 0) return [];
  return routes
    .filter(({ access }) => access === 'token')
    .map((route) => ({ ...route, name: `tenants-${route.name}`, hosts, access: 'server' }));
}
