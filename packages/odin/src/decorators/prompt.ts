import { definePrompt, type PromptArguments, type PromptOptions, type PromptReturn } from '../define/prompt.ts';
import type { Schema } from '../define/schema.ts';
import { declare } from './declarations.ts';
import type { MethodDecorator } from './tool.ts';

/**
 * Makes a method a prompt.
 *
 * @throws OdinError `bad_decorator` on a static or private method
 */
export function prompt<const A extends Schema | undefined = undefined>(
  options: PromptOptions<A> & {
    /** @default the method's name */
    readonly name?: string;
  } = {},
): MethodDecorator<PromptArguments<A>, PromptReturn> {
  return (...args: unknown[]): void =>
    declare(args, 'prompt', (method) => ({
      method,
      define: (call) => definePrompt({ ...options, name: options.name ?? method }, call as never),
    }));
}
