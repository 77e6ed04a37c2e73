import type { OdinContext } from '../context.ts';
import type { OutputOf, Schema } from './schema.ts';

/** What a handler gets: with a schema what it makes of the arguments, then the context; without one only the context. */
export type HandlerArguments<S> = S extends Schema
  ? [input: OutputOf<S>, context: OdinContext]
  : [context: OdinContext];

/** A handler with the same parameters, whether it has a schema or not. */
export function toUniformHandler(
  schema: Schema | undefined,
  handler: (...args: never) => unknown,
): (input: unknown, context: OdinContext) => unknown {
  const call = handler as (...args: unknown[]) => unknown;
  return schema ? (input, context) => call(input, context) : (_input, context) => call(context);
}
