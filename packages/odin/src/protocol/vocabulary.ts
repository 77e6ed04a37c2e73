import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  LOG_LEVEL_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  SERVER_INFO_META_KEY,
  SUBSCRIPTION_ID_META_KEY,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/server';

/** The stateless revision that Odin serves. */
export const MODERN_VERSION = '2026-07-28';
/** Revisions with an `initialize` handshake, newest first. */
export const LEGACY_VERSIONS: readonly string[] = SUPPORTED_PROTOCOL_VERSIONS;

/** What `initialize` agrees on: the version asked for when it is served, else the newest of that era (MCP 2025-11-25, basic/lifecycle). */
export function agreedVersion(requested: string): string {
  const [newest = requested] = LEGACY_VERSIONS;
  return LEGACY_VERSIONS.includes(requested) ? requested : newest;
}

export const META: {
  readonly protocolVersion: typeof PROTOCOL_VERSION_META_KEY;
  readonly clientCapabilities: typeof CLIENT_CAPABILITIES_META_KEY;
  readonly clientInfo: typeof CLIENT_INFO_META_KEY;
  readonly serverInfo: typeof SERVER_INFO_META_KEY;
  readonly subscriptionId: typeof SUBSCRIPTION_ID_META_KEY;
  readonly logLevel: typeof LOG_LEVEL_META_KEY;
} = {
  protocolVersion: PROTOCOL_VERSION_META_KEY,
  clientCapabilities: CLIENT_CAPABILITIES_META_KEY,
  clientInfo: CLIENT_INFO_META_KEY,
  serverInfo: SERVER_INFO_META_KEY,
  subscriptionId: SUBSCRIPTION_ID_META_KEY,
  logLevel: LOG_LEVEL_META_KEY,
};

/** JSON-RPC error codes (JSON-RPC 2.0 section 5.1; MCP 2026-07-28, basic, "Error Codes"). */
export const RPC = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  refused: -32000,
  headerMismatch: -32020,
  missingClientCapability: -32021,
  unsupportedProtocolVersion: -32022,
} as const;

/** Methods that the protocol itself defines, of both eras and both sides; no extension may bring one of them. */
export const CORE_METHODS: ReadonlySet<string> = new Set([
  'completion/complete',
  'elicitation/create',
  'initialize',
  'logging/setLevel',
  'ping',
  'prompts/get',
  'prompts/list',
  'resources/list',
  'resources/read',
  'resources/subscribe',
  'resources/templates/list',
  'resources/unsubscribe',
  'roots/list',
  'sampling/createMessage',
  'server/discover',
  'subscriptions/listen',
  'tools/call',
  'tools/list',
]);

/** Log levels of RFC 5424 that MCP uses, least severe first. */
export const LOG_LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
