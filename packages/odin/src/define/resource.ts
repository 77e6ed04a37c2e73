import type { OdinContext } from '../context.ts';
import type { CacheHint, Described } from './common.ts';
import type { Completers } from './completion.ts';

export interface ResourceOptions extends Described {
  /** Name in lists. @default the URI or URI template */
  readonly name?: string;
  /** MIME type of the contents. @default 'text/plain' for strings, 'application/octet-stream' for bytes, 'application/json' for objects */
  readonly mimeType?: string;
  /** Bytes, if known. Only listed, never checked. */
  readonly size?: number;
  /** Hints for clients: for whom it is, how much it matters, when it changed. */
  readonly annotations?: ResourceAnnotations;
  /** How long, and for whom, a client may keep it. @default { ttlMs: 0, scope: 'private' } */
  readonly cache?: CacheHint;
  /** Suggestions for the variables of a template. */
  readonly complete?: Completers;
}

/** MCP 2026-07-28, server/resources, "Annotations". */
export interface ResourceAnnotations {
  readonly audience?: readonly ('user' | 'assistant')[];
  /** 0 (optional) to 1 (required). */
  readonly priority?: number;
  /** ISO 8601. */
  readonly lastModified?: string;
}

/**
 * Values of the URI template's variables, percent-decoded, by the names in the template. `uri` is the whole requested
 * URI. Variables of a query (`{?a}`, `{&a}`), of parameters (`{;a}`) and of a fragment (`{#a}`) may be left out.
 */
export type ResourceVariables<U extends string = string> = string extends U
  ? Readonly<Record<string, string>> & { readonly uri: string }
  : Flat<
      { readonly [Name in NamesOf<RequiredLists<U>> | 'uri']: string } & {
        readonly [Name in NamesOf<OptionalLists<U>>]?: string;
      }
    >;

type Flat<T> = { [Key in keyof T]: T[Key] };

/** What is in every `{…}` of a template (RFC 6570 section 2). */
type Expressions<U extends string> = U extends `${string}{${infer Expression}}${infer Rest}`
  ? Expression | Expressions<Rest>
  : never;
type OptionalLists<U extends string> =
  Expressions<U> extends infer E ? (E extends `${'#' | ';' | '?' | '&'}${infer List}` ? List : never) : never;
type RequiredLists<U extends string> =
  Expressions<U> extends infer E
    ? E extends `${'#' | ';' | '?' | '&'}${string}`
      ? never
      : E extends `${'+' | '.' | '/'}${infer List}`
        ? List
        : E & string
    : never;
type NamesOf<List extends string> = List extends string ? NamesIn<List> : never;
type NamesIn<List extends string> = List extends `${infer First},${infer Rest}`
  ? BareName<First> | NamesIn<Rest>
  : BareName<List>;
type BareName<Spec extends string> = Spec extends `${infer Name}*` | `${infer Name}:${number}` ? Name : Spec;

/** Text, bytes, a JSON value, or a ready `{ contents: […] }`. */
export type ResourceReturn = unknown;

/** A resource or a family of resources as the catalog takes it. Made by `defineResource` and by `@resource`. */
export interface ResourceDefinition extends ResourceOptions {
  readonly kind: 'resource';
  /** A URI, or a URI template of RFC 6570 when it has `{…}`. */
  readonly uri: string;
  readonly handler: (variables: ResourceVariables, context: OdinContext) => ResourceReturn;
}

/** Declares a resource (`note://today`) or a template for many (`note://{id}`). */
export function defineResource<const U extends string>(
  uri: U,
  options: ResourceOptions,
  handler: (variables: ResourceVariables<U>, context: OdinContext) => ResourceReturn,
): ResourceDefinition {
  return { ...options, kind: 'resource', uri, handler: handler as ResourceDefinition['handler'] };
}
