import type { AuthOptions } from './auth/options.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { Icon } from './define/common.ts';
import { OdinError } from './errors.ts';
import type { HermodOptions } from './hermod/options.ts';
import type { HttpOptions } from './http/options.ts';
import type { SessionOptions } from './legacy/options.ts';
import type { Logger } from './observability/logger.ts';
import { delayMs, wholeNumber } from './option-rules.ts';
import type { JsonObject } from './protocol/json.ts';
import type { ToolRule } from './registry/tool-rules.ts';

/** A day: the log of an ended stream is kept that long for its link. */
const MAX_LINK_SECONDS = 86_400;

export interface OdinServerOptions {
  /** Programmatic name, sent to clients as `serverInfo.name`. */
  readonly name: string;
  /** Version of this server, for people and logs. Not a protocol version. */
  readonly version: string;
  /** Name for people. */
  readonly title?: string;
  /** What the server is for, in a sentence or two. */
  readonly description?: string;
  /** Where people read more. */
  readonly websiteUrl?: string;
  /** Icons for clients that show one. */
  readonly icons?: readonly Icon[];
  /** How a model should use this server; clients may add it to the system prompt. */
  readonly instructions?: string;
  /**
   * Public URL of the MCP endpoint, also its OAuth resource identifier (RFC 8707). Taken from here only, never
   * from a request header. Needed with `auth`.
   */
  readonly url?: string;
  /** Who may call over HTTP. @default nobody is asked; then only loopback names are accepted as Host */
  readonly auth?: AuthOptions | undefined;
  /** A proxy that may hold this server's streams. @default every stream is served by this process */
  readonly hermod?: HermodOptions | undefined;
  /**
   * Rules for calls by the name of the tool, or its beginning with `*` at the end: `{ 'admin_*': { deny: true } }`. They hold for every
   * transport and revision, whatever a gateway in front could see. With a `cluster` all replicas count together.
   * @default none
   */
  readonly toolRules?: Readonly<Record<string, ToolRule>> | undefined;
  /** Limits and names of the HTTP transport. */
  readonly http?: HttpOptions;
  /**
   * Sessions of clients that speak 2025-11-25 or older: requests to them in mid-call, subscriptions, streams to come back
   * for. `false` serves those clients without, and stops a call whose client leaves. Over several replicas sessions need the same `secrets` and a `cluster`.
   * @default with sessions
   */
  readonly sessions?: SessionOptions | false;
  /**
   * What the replicas of this server share: `createRedisCluster` of `@asgard/odin/redis`. The server closes it when it
   * closes. @default nothing: this process is the only one
   */
  readonly cluster?: Cluster;
  /**
   * Reports a minimal progress for handlers that are silent this long, if their caller gave a progress token:
   * clients that start their timeout anew on progress (`resetTimeoutOnProgress`) then do not give up. Milliseconds.
   * @default never
   */
  readonly heartbeatMs?: number;
  /** Entries of one page of a list. Not every client asks for the next page, so keep it large. @default 1000 */
  readonly pageSize?: number;
  /**
   * Seal what clients carry for the server between the rounds of a call. At least 32 characters each; the first
   * seals, all of them open. Every replica needs the same.
   * @default a random one, so that a call can only be continued where it began
   */
  readonly secrets?: readonly string[];
  /** Wall clock, milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** Where failures go that only the operator may see. @default one JSON line per entry on standard error */
  readonly logger?: Logger;
}

/** @throws OdinError `bad_option` */
export function parseUrl(url: string | undefined): URL | undefined {
  if (url === undefined) return undefined;
  if (!URL.canParse(url))
    throw new OdinError(
      'bad_option',
      `url: ${JSON.stringify(url)} is not an absolute URL such as https://mcp.example.com/mcp.`,
    );
  const parsed = new URL(url);
  if (parsed.hash !== '' || parsed.search !== '')
    throw new OdinError('bad_option', `url: ${JSON.stringify(url)} must have no query and no fragment (RFC 8707).`);
  return parsed;
}

/** Numbers that would be found wrong only when a call needs them. @throws OdinError `bad_option`, naming the option */
export function checkNumbers({ heartbeatMs, pageSize, hermod }: OdinServerOptions): void {
  if (heartbeatMs !== undefined) delayMs('heartbeatMs', heartbeatMs);
  if (pageSize !== undefined) wholeNumber('pageSize', pageSize);
  if (hermod?.maxHoldMs !== undefined) delayMs('hermod.maxHoldMs', hermod.maxHoldMs);
  const { timeoutSeconds } = hermod?.recovery ?? {};
  if (timeoutSeconds !== undefined) wholeNumber('hermod.recovery.timeoutSeconds', timeoutSeconds, MAX_LINK_SECONDS);
}

/** `serverInfo`: what the server says of itself in every result. */
export function identityOf(options: OdinServerOptions): JsonObject {
  const { name, version, title, description, websiteUrl, icons } = options;
  if (!name || !version)
    throw new OdinError(
      'bad_option',
      'name and version: both are needed, for example { name: "notes", version: "1.0.0" }.',
    );
  return {
    name,
    version,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(websiteUrl !== undefined && { websiteUrl }),
    ...(icons && { icons: icons.map((icon) => ({ ...icon })) }),
  };
}
