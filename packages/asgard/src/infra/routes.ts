import { HEIMDALL_PATH, type InfraSettings, isLoopbackUrl } from './settings.ts';
import { formatHeaderMatch, formatToolRules } from './tool-rules.ts';

/** A server behind the gateway. */
export type RouteTarget = 'odin' | 'hermod' | 'heimdall';

/** One way through the gateway. Both kong.yml and the table of the stand-in are made from these. */
export interface InfraRoute {
  readonly name: string;
  readonly paths: readonly string[];
  readonly match: 'prefix' | 'exact';
  readonly methods?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly target: RouteTarget;
  /** The gateway asks for a token before it forwards; `open` leaves that to whoever is behind. */
  readonly access: 'token' | 'open';
  /** Goes in place of the request's path. */
  readonly replacePath?: string;
  /** Calls of one user a minute. */
  readonly perMinute?: number;
  /** A call of 2026-07-28 or later must say in its headers what it calls. Refused with 400 otherwise. */
  readonly mcpHeaders?: true;
  /** Answered by the gateway with 403. */
  readonly denied?: true;
}

const MCP_METHOD = 'mcp-method';
const MCP_NAME = 'mcp-name';

/**
 * Every route of the gateway. A route with fewer kinds of rule (paths, methods, headers) loses against one with more, so all rules for
 * tools have the same three kinds and no other route on the path of the endpoint has more.
 */
export function infraRoutes(settings: InfraSettings): readonly InfraRoute[] {
  const { edge, links } = settings;
  return [
    mcpRoute(settings, { name: 'mcp', target: 'odin', ...(hasToolRules(settings) ? { mcpHeaders: true } : {}) }),
    ...(edge === 'bifrost' ? heldRoutes(settings) : []),
    ...toolRoutes(settings),
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

function heimdallRoutes({ publicUrl, realm }: InfraSettings): readonly InfraRoute[] {
  const issuer = `${HEIMDALL_PATH}/realms/${realm}`;
  const open = { target: 'heimdall', access: 'open' } as const;
  // The console of administrators is for this machine only.
  const admin = isLoopbackUrl(publicUrl) ? [`${HEIMDALL_PATH}/admin`, `${HEIMDALL_PATH}/realms/master`] : [];
  return [
    { name: 'heimdall', paths: [issuer, `${HEIMDALL_PATH}/resources`, ...admin], match: 'prefix', ...open },
    // RFC 8414 section 3.1 puts the issuer's path last; without it is where clients of 2025-03-26 look.
    {
      name: 'issuer-metadata',
      paths: ['oauth-authorization-server', 'openid-configuration'].flatMap((document) => [
        `/.well-known/${document}`,
        `/.well-known/${document}${issuer}`,
      ]),
      match: 'exact',
      replacePath: `${issuer}/.well-known/openid-configuration`,
      ...open,
    },
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
