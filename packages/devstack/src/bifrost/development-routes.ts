import type { GatewayRoute } from './route.ts';

/** Origins of the chain, such as `http://127.0.0.1:8080`: the public one, and those of the servers behind the gateway. */
export interface ChainPlaces {
  readonly url: string;
  readonly server: string;
  readonly heimdall: string;
  /** The proxy that holds streams, where the gateway is in front of it. */
  readonly hermod: string;
}

export interface UsualRoutes {
  readonly mcpPath: string;
  readonly corsOrigins: readonly string[];
}

/** What every chain needs. `asgard infra` renders the same for Kong; `tests/contract/infra` compares the two. */
export function developmentRoutes(
  { server, heimdall }: Pick<ChainPlaces, 'server' | 'heimdall'>,
  { mcpPath, corsOrigins }: UsualRoutes,
): readonly GatewayRoute[] {
  return [
    { name: 'mcp', paths: [mcpPath], upstream: server, cors: { origins: corsOrigins } },
    { name: 'protected-resource', paths: ['/.well-known/oauth-protected-resource'], upstream: server },
    // Hermod asks here for what it missed; health and logout are for proxies and operators, not for the outside.
    { name: 'next-link', paths: ['/.odin/next/'], methods: ['GET'], upstream: server },
    // Heimdall knows its public path and has cross-origin rules of its own.
    { name: 'heimdall', paths: ['/heimdall'], upstream: heimdall },
    {
      name: 'issuer-metadata',
      paths: ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'],
      upstream: heimdall,
    },
  ];
}
