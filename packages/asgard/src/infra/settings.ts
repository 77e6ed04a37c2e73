import type { ToolRule } from './tool-rules.ts';

/** Where the public entrance is: the proxy that holds streams, or the gateway. */
export type Edge = 'hermod' | 'bifrost';

/** Everything that the files of `infra/` are made from, complete. Made by `resolveSettings`. */
export interface InfraSettings {
  /** Name of the compose project. */
  readonly project: string;
  /**
   * `hermod`: client -> Hermod -> Bifrost -> Odin; a held stream outlives restarts of gateway and server.
   * `bifrost`: client -> Bifrost, which sends only what is held through Hermod; a quick call passes one process less.
   */
  readonly edge: Edge;
  /** What clients type, without a path: `https://mcp.example.com`. */
  readonly publicUrl: string;
  readonly mcpPath: string;
  /** Address of this machine that the entrance listens on. */
  readonly bind: string;
  readonly port: number;
  readonly server: ServerPlace;
  readonly realm: string;
  /** Scopes that clients ask for, each with the audience mapper. */
  readonly scopes: readonly string[];
  /** Web pages that may call the MCP endpoint: exact origins. */
  readonly corsOrigins: readonly string[];
  /** Names of `Mcp-Param-*` headers that browsers may send: the `x-mcp-header` of the tools. Empty: whatever a browser asks for. */
  readonly paramHeaders: readonly string[];
  readonly tools: readonly ToolRule[];
  /** Hosts of tenants, without a port: the server checks their tokens, see `tenants` of Odin. */
  readonly tenantHosts: readonly string[];
  /** Registrations of clients, and changes to them, from one address in a minute. */
  readonly registrationsPerMinute: number;
  /** How Hermod asks for what it missed: straight at the servers, or by the way of requests, which needs an open route. */
  readonly links: 'absolute' | 'relative';
  readonly maxBodyBytes: number;
  /** Longest stream, seconds. */
  readonly maxHoldSeconds: number;
  /** Two organizations with a user each, with generated passwords. */
  readonly demoUsers: boolean;
  readonly ports: LoopbackPorts;
}

/** Ports of 127.0.0.1, beside the public one. */
export interface LoopbackPorts {
  readonly inspector: number;
  readonly inspectorProxy: number;
  readonly grafana: number;
  /** ZeroMQ, for a server on this machine. */
  readonly publish: number;
  /** Redis protocol, for a server on this machine. */
  readonly store: number;
}

/** Where the MCP server runs. */
export type ServerPlace =
  | { readonly kind: 'container'; readonly context: string; readonly replicas: number }
  | { readonly kind: 'host'; readonly port: number };

/** The MCP endpoint, which is the resource identifier and the audience of tokens. */
export function mcpUrlOf({ publicUrl, mcpPath }: InfraSettings): string {
  return `${publicUrl}${mcpPath}`;
}

/** What tokens say in `iss`. */
export function issuerOf({ publicUrl, realm }: InfraSettings): string {
  return `${publicUrl}${HEIMDALL_PATH}/realms/${realm}`;
}

/** Where the gateway puts the identity provider. */
export const HEIMDALL_PATH = '/heimdall';

/** The issuer as the containers reach it. */
export function internalIssuerOf({ realm }: InfraSettings): string {
  return `http://heimdall:8080${HEIMDALL_PATH}/realms/${realm}`;
}

/** Where the keys of the issuer are, for containers. */
export function internalJwksUriOf(settings: InfraSettings): string {
  return `${internalIssuerOf(settings)}/protocol/openid-connect/certs`;
}

/** RFC 9728 section 3.1: the well-known part goes between host and path. */
export function resourceMetadataUrlOf({ publicUrl, mcpPath }: InfraSettings): string {
  return `${publicUrl}/.well-known/oauth-protected-resource${mcpPath}`;
}

/** Whether the public name is this machine only. */
export function isLoopbackUrl(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/**
 * Whether nobody but this machine reaches the entrance. The name alone does not say so: bound to another address, the entrance answers
 * whoever reaches that address, whatever name they ask by.
 */
export function isPrivate({ publicUrl, bind }: Pick<InfraSettings, 'publicUrl' | 'bind'>): boolean {
  return isLoopbackUrl(publicUrl) && (bind === '::1' || /^127(?:\.\d{1,3}){3}$/.test(bind));
}

/** Why what is for this machine only, the console of administrators and demo users, is not there. */
export function explainPublic({ publicUrl, bind }: Pick<InfraSettings, 'publicUrl' | 'bind'>): string {
  return isLoopbackUrl(publicUrl)
    ? `other machines reach the entrance, which listens on ${bind} (bind)`
    : `${publicUrl} is not a name of this machine only (publicUrl)`;
}

/** Where administrators sign in; undefined when the gateway does not lead there. */
export function adminUrlOf(settings: InfraSettings): string | undefined {
  return isPrivate(settings) ? `${settings.publicUrl}${HEIMDALL_PATH}/admin/` : undefined;
}
