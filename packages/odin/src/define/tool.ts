import type { OdinContext } from '../context.ts';
import { OdinError } from '../errors.ts';
import type { HoldPolicy } from '../protocol/exchange.ts';
import type { Described } from './common.ts';
import { type HandlerArguments, toUniformHandler } from './handler.ts';
import type { InputOf, Schema } from './schema.ts';

/** Hints about a tool's behaviour (MCP 2026-07-28, server/tools, "Tool annotations"). Untrusted by clients. */
export interface ToolAnnotations {
  readonly title?: string;
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

export interface ToolOptions<I extends Schema | undefined = undefined, O extends Schema | undefined = undefined>
  extends Described {
  /** Arguments of the call; refused with a tool error when they do not fit. @default no arguments */
  readonly input?: I;
  /** Shape of the result: validated, and sent as `structuredContent`. @default unstructured content */
  readonly output?: O;
  /** Hints for clients about what the tool does; they need not believe them. */
  readonly annotations?: ToolAnnotations;
  /** Whether a call that takes long may be held by the proxy. @default 'auto' */
  readonly hold?: HoldPolicy;
}

export interface NamedToolOptions<I extends Schema | undefined = undefined, O extends Schema | undefined = undefined>
  extends ToolOptions<I, O> {
  /** 1 to 128 characters of `A-Z a-z 0-9 _ - . /`, unique in the server. */
  readonly name: string;
}

/** The handler's arguments: what the input schema makes of the call's arguments, then the context. */
export type ToolArguments<I> = HandlerArguments<I>;

/** A ready result in MCP's own shape, passed through as it is. */
export interface ToolResult {
  readonly content: readonly object[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
  readonly _meta?: object;
}

/** With an output schema: its input, or a ready result. Without: text, a number, any JSON value, or a ready result. */
export type ToolReturn<O> = O extends Schema ? InputOf<O> | ToolResult | Promise<InputOf<O> | ToolResult> : unknown;

/** A tool as the catalog takes it. Made by `defineTool` and by `@tool`. */
export interface ToolDefinition extends Described {
  readonly kind: 'tool';
  readonly name: string;
  readonly input?: Schema;
  readonly output?: Schema;
  readonly annotations?: ToolAnnotations;
  readonly hold: HoldPolicy;
  readonly handler: (input: unknown, context: OdinContext) => unknown;
}

/**
 * Declares a tool from a function, with the types of its arguments inferred.
 *
 * @throws OdinError `bad_option` when the name does not fit the protocol's rules
 */
export function defineTool<
  const I extends Schema | undefined = undefined,
  const O extends Schema | undefined = undefined,
>(options: NamedToolOptions<I, O>, handler: (...args: ToolArguments<I>) => ToolReturn<O>): ToolDefinition {
  const { name, input, output, hold = 'auto', ...rest } = options;
  assertToolName(name);
  return {
    ...rest,
    kind: 'tool',
    name,
    hold,
    ...(input && { input }),
    ...(output && { output }),
    handler: toUniformHandler(input, handler),
  };
}

/** @throws OdinError `bad_option` */
export function assertToolName(name: string): void {
  if (!/^[A-Za-z0-9_./-]{1,128}$/.test(name)) {
    throw new OdinError(
      'bad_option',
      `Tool name ${JSON.stringify(name)}: use 1 to 128 characters of A-Z a-z 0-9 _ - . /`,
    );
  }
}
