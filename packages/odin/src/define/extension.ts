import type { OdinContext } from '../context.ts';
import { OdinError } from '../errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { CacheHint, Described } from './common.ts';
import type { Definition } from './definition.ts';
import type { OutputOf, Schema } from './schema.ts';

/** What the caller of a method must be allowed to, as for tools. */
export type Access = Pick<Described, 'scopes' | 'roles' | 'organization'>;

export interface MethodOptions<P extends Schema | undefined> extends Access {
  /** Checks `params` before the handler runs; -32602 says what is wrong. @default `params` as sent */
  readonly params?: P;
  /** Makes the result cacheable: how long, and for whom, a client may keep it. @default not a cacheable result */
  readonly cache?: CacheHint;
}

/** A method of an extension. Made by `defineMethod`. */
export interface MethodDefinition extends MethodOptions<Schema | undefined> {
  readonly handler: (params: never, context: OdinContext) => JsonObject | Promise<JsonObject>;
}

export interface ExtensionOptions {
  /** `vendor/name`, the vendor as a reversed domain: `com.example/charts` (MCP 2026-07-28, basic, "Extensions"). */
  readonly id: string;
  /** What the server declares of itself under `capabilities.extensions[id]`. @default {} */
  readonly settings?: JsonObject;
  /** Methods that clients can call, by name: `charts/render`. */
  readonly methods?: Readonly<Record<string, MethodDefinition>>;
  /** Tools, resources and prompts that come with it. */
  readonly definitions?: readonly Definition[];
  /** Answers clients that did not declare the extension themselves with -32021, before a method of it runs. @default false */
  readonly requiresClient?: boolean;
}

/** An extension as `register` takes it. Made by `defineExtension`. */
export interface ExtensionDefinition extends Required<ExtensionOptions> {
  readonly kind: 'extension';
}

const LABEL = '[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const ID = new RegExp(`^${LABEL}(?:\\.${LABEL})*/[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$`);
/** What a header can carry, since clients repeat it in `Mcp-Method`. */
const METHOD = /^[!-~]+$/;
/** Of notifications (MCP, basic) and of JSON-RPC itself (JSON-RPC 2.0 section 4). */
const NO_METHOD = /^(?:notifications\/|rpc\.)/;

/** Declares a method of an extension: the handler's value, an object, is the result. */
export function defineMethod<const P extends Schema | undefined = undefined>(
  options: MethodOptions<P>,
  handler: (
    params: P extends Schema ? OutputOf<P> : JsonObject,
    context: OdinContext,
  ) => JsonObject | Promise<JsonObject>,
): MethodDefinition {
  return { ...options, handler: handler as MethodDefinition['handler'] };
}

/**
 * Declares an extension of the protocol: what the server says of it, and what it can be asked. What a client declared
 * is in `context.client.capabilities.extensions`.
 *
 * @throws OdinError `bad_option` for an id that is not `vendor/name`, and for a name that no method can have
 * @see MCP 2026-07-28, basic, "Extensions"
 */
export function defineExtension(options: ExtensionOptions): ExtensionDefinition {
  const { id, settings = {}, methods = {}, definitions = [], requiresClient = false } = options;
  if (!ID.test(id)) {
    throw new OdinError(
      'bad_option',
      `Extension ${JSON.stringify(id)}, option id: must be "vendor/name" with the vendor as a reversed domain, for example com.example/charts.`,
    );
  }
  for (const name of Object.keys(methods)) {
    if (METHOD.test(name) && !NO_METHOD.test(name)) continue;
    throw new OdinError(
      'bad_option',
      `Extension ${JSON.stringify(id)}, option methods: ${JSON.stringify(name)} cannot be a method. Use visible ASCII, such as charts/render, not beginning with "notifications/" or "rpc.".`,
    );
  }
  return { kind: 'extension', id, settings, methods, definitions, requiresClient };
}

export function isExtension(item: object): item is ExtensionDefinition {
  return 'kind' in item && item.kind === 'extension' && 'methods' in item;
}
