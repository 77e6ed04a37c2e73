import { heimdallRoutes } from './heimdall-routes.ts';
import type { InfraRoute } from './route.ts';
import type { InfraSettings } from './settings.ts';
import { tenantRoutes } from './tenant-routes.ts';
import { formatHeaderMatch, formatToolRules } from './tool-rules.ts';

const MCP_METHOD = 'mcp-method';
const MCP_NAME = 'mcp-name';

/**
 * Every route of the gateway. A route with fewer kinds of rule (paths, methods, headers, hosts) loses against one with more, so all rules for
 * tools have the same three kinds and no other route on the path of the endpoint has more.
 */
export function infraRoutes(settings: InfraSettings): readonly InfraRoute[] {
  const { edge, links, tenantHosts } = settings;
  const endpoint: readonly InfraRoute[] = [
    mcpRoute(settings, { name: 'mcp', target: 'odin', ...(hasToolRules(settings) ? { mcpHeaders: true } : {}) }),
    ...(edge === 'bifrost' ? heldRoutes(settings) : []),
    ...toolRoutes(settings),
  ];
  return [
    ...endpoint,
    ...tenantRoutes(endpoint, tenantHosts),
    // Odin knows its scopes and its name, so its own document goes out and no copy can differ from it.
    {
      name: 'protected-resource',
      paths: ['/.well-known/oauth-protected-resource'],
      match: 'prefix',
      target: 'odin',
      access: 'open',
    },
    // Hermod brings no token when it asks for what it missed: the sealed link and Grip-Sig are its proof.
    ...(edge === 'hermod' && links === 'relative'
      ? [
          {
            name: 'next-link',
            paths: ['/.odin/next/'],
            match: 'prefix',
            methods: ['GET'],
            target: 'odin',
            access: 'open',
          } as const,
        ]
      : []),
    ...heimdallRoutes(settings),
  ];
}

/** What is always held, when the gateway is the entrance: subscriptions, and the streams of older clients. */
function heldRoutes(settings: InfraSettings): readonly InfraRoute[] {
  return [
    mcpRoute(settings, { name: 'held-streams', target: 'hermod', methods: ['GET'] }),
    mcpRoute(settings, {
      name: 'held-subscriptions',
      target: 'hermod',
      methods: ['POST'],
      headers: { [MCP_METHOD]: 'subscriptions/listen' },
    }),
  ];
}

/** Every letter that no name of a tool has: Base64 in the form of a header, spaces of any kind. */
const NO_TOOL_NAME = '~*[^A-Za-z0-9_./-]';

/**
 * One route a rule. They see headers, which clients of older revisions do not send, so they refuse early and Odin decides by the body.
 * A name in another form than its plain one is nobody's, and would pass the rules.
 */
function toolRoutes(settings: InfraSettings): readonly InfraRoute[] {
  const throughHermod = (hold: boolean): boolean => hold && settings.edge === 'bifrost';
  const routes = settings.tools
    .filter(({ deny, perMinute, hold }) => deny || perMinute !== undefined || throughHermod(hold))
    .map(({ tool, deny, perMinute, hold }) =>
      mcpRoute(settings, {
        name: `tool-${routeName(tool)}`,
        target: throughHermod(hold) ? 'hermod' : 'odin',
        methods: ['POST'],
        headers: { [MCP_METHOD]: 'tools/call', [MCP_NAME]: formatHeaderMatch(tool) },
        ...(perMinute === undefined ? {} : { perMinute }),
        ...(deny ? { denied: true as const } : {}),
      }),
    );
  if (!hasToolRules(settings)) return routes;
  const headers = { [MCP_METHOD]: 'tools/call', [MCP_NAME]: NO_TOOL_NAME };
  return [
    ...routes,
    mcpRoute(settings, { name: 'tool-no-name', target: 'odin', methods: ['POST'], headers, denied: true }),
  ];
}

function hasToolRules({ tools }: InfraSettings): boolean {
  return formatToolRules(tools) !== undefined;
}

function mcpRoute(
  { mcpPath }: InfraSettings,
  route: Pick<InfraRoute, 'name' | 'target'> & Partial<InfraRoute>,
): InfraRoute {
  return { paths: [mcpPath], match: 'prefix', access: 'token', ...route };
}

/** Names of routes take fewer letters than names of tools; a hash of the rest keeps them apart. */
function routeName(tool: string): string {
  return tool
    .replace(/\*$/, '-all')
    .replace(/[^A-Za-z0-9_.-]/g, (letter) => `.${letter.codePointAt(0)?.toString(16)}.`);
}
