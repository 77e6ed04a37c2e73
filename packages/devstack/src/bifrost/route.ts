import type { GatewayBodyRule } from './body-rule.ts';

/** Cross-origin rules of a route: exact origins, answered before any authentication. */
export interface GatewayCors {
  /** Exact origins, such as `http://localhost:6274`. No wildcard. */
  readonly origins: readonly string[];
  /** @default ['GET', 'POST', 'DELETE', 'OPTIONS'] */
  readonly methods?: readonly string[];
  /** Request headers a browser may send. @default those that the preflight asks for */
  readonly allowHeaders?: readonly string[];
  /** Response headers a script may read. @default WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version, X-Request-Id */
  readonly exposeHeaders?: readonly string[];
  /** Seconds for which a browser may keep a preflight. @default 600 */
  readonly maxAgeSeconds?: number;
}

/** What the gateway says by itself, in place of a service (Kong's request-termination). */
export interface GatewayAnswer {
  readonly status: number;
  /** @default 'application/json' */
  readonly contentType?: string;
  readonly body: string;
}

/**
 * One way through the gateway, in the terms of a Kong route and its service, so that the same table can be written out as kong.yml.
 *
 * A request takes the route that matches with the most kinds of rule (paths, methods, headers, hosts), then an exact path before a prefix,
 * then the longest path, then the first in the table: a route with fewer kinds loses, however long its path is.
 */
export interface GatewayRoute {
  /** Unique in its table. */
  readonly name: string;
  /** Start with `/`. A prefix is one of characters, as in Kong: `/mcp` also matches `/mcp-v2`. */
  readonly paths: readonly string[];
  /** @default 'prefix' */
  readonly match?: 'prefix' | 'exact';
  /** Upper case; OPTIONS must be among them for preflights to arrive. @default every method */
  readonly methods?: readonly string[];
  /** Names of the Host field, without a port. @default every host */
  readonly hosts?: readonly string[];
  /** Field name to accepted values; a value that starts with `~*` is a case-insensitive regular expression. */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  /** Origin of the service, such as `http://127.0.0.1:8080`; a path in it goes in front of the request's. Needed without `answer`. */
  readonly upstream?: string;
  /** Nothing is forwarded: this is the answer. */
  readonly answer?: GatewayAnswer;
  /** Asks for a token that the option `tokens` of the gateway describes. @default false: that is for the service to do */
  readonly needsToken?: boolean;
  /** Requests of one caller in a minute of the clock; more are answered with 429. @default as many as come */
  readonly perMinute?: number;
  /** Who counts as one caller. @default 'user', or the address where no user is known */
  readonly limitBy?: 'user' | 'address';
  /** What passes of a body; the error is that of a registration (RFC 7591). @default all of it */
  readonly body?: GatewayBodyRule;
  /** Refuses POSTs of 2026-07-28 or later that do not say in their headers what they call. @default false */
  readonly mcpHeaders?: boolean;
  /** Takes the matched path off before forwarding and says it in X-Forwarded-Prefix. @default false */
  readonly stripPath?: boolean;
  /** Forwards the client's Host; false sends the upstream's own. @default true */
  readonly preserveHost?: boolean;
  readonly cors?: GatewayCors;
}
