import type { OdinContext } from '../context.ts';
import type { Described } from './common.ts';
import type { Completers } from './completion.ts';
import { type HandlerArguments, toUniformHandler } from './handler.ts';
import type { Schema } from './schema.ts';

export interface PromptOptions<A extends Schema | undefined = undefined> extends Described {
  /** Arguments of the prompt; MCP sends every value as a string. @default no arguments */
  readonly args?: A;
  /** Suggestions while the user fills in arguments. */
  readonly complete?: Completers;
}

export interface NamedPromptOptions<A extends Schema | undefined = undefined> extends PromptOptions<A> {
  readonly name: string;
}

/** The handler's arguments: what the schema makes of the prompt's arguments, then the context. */
export type PromptArguments<A> = HandlerArguments<A>;

/** One text for a single user message, or messages in MCP's own shape. */
export interface PromptResult {
  readonly messages: readonly object[];
  readonly description?: string;
  readonly _meta?: object;
}
export type PromptReturn = string | PromptResult | Promise<string | PromptResult>;

/** A prompt as the catalog takes it. Made by `definePrompt` and by `@prompt`. */
export interface PromptDefinition extends Described {
  readonly kind: 'prompt';
  readonly name: string;
  readonly args?: Schema;
  readonly complete?: Completers;
  readonly handler: (args: unknown, context: OdinContext) => unknown;
}

/** Declares a prompt from a function, with the types of its arguments inferred. */
export function definePrompt<const A extends Schema | undefined = undefined>(
  options: NamedPromptOptions<A>,
  handler: (...args: PromptArguments<A>) => PromptReturn,
): PromptDefinition {
  const { args, ...rest } = options;
  return {
    ...rest,
    kind: 'prompt',
    ...(args && { args }),
    handler: toUniformHandler(args, handler),
  };
}
