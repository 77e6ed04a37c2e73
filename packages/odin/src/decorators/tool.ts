import type { Schema } from '../define/schema.ts';
import { defineTool, type ToolArguments, type ToolOptions, type ToolReturn } from '../define/tool.ts';
import { declare } from './declarations.ts';

/** Decorates a method in either call shape: TC39 standard decorators, or `experimentalDecorators`. */
export interface MethodDecorator<Args extends unknown[], Return> {
  <This, M extends (this: This, ...args: Args) => Return>(
    method: M,
    context: ClassMethodDecoratorContext<This, M>,
  ): void;
  <M extends (...args: Args) => Return>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void;
}

/**
 * Makes a method a tool. Its parameters are checked against the schemas by the compiler; annotate them with
 * `z.infer<typeof Input>`, since a decorator cannot give a method its types.
 *
 * @throws OdinError `bad_decorator` on a static or private method
 */
export function tool<const I extends Schema | undefined = undefined, const O extends Schema | undefined = undefined>(
  options: ToolOptions<I, O> & {
    /** @default the method's name */
    readonly name?: string;
  } = {},
): MethodDecorator<ToolArguments<I>, ToolReturn<O>> {
  return (...args: unknown[]): void =>
    declare(args, 'tool', (method) => ({
      method,
      define: (call) => defineTool({ ...options, name: options.name ?? method }, call as never),
    }));
}
