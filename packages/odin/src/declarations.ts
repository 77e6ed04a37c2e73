import type { OdinContext } from './context.ts';
import { toDefinitions } from './decorators/to-definitions.ts';
import type { Definition } from './define/definition.ts';
import { type ExtensionDefinition, isExtension } from './define/extension.ts';
import {
  definePrompt,
  type NamedPromptOptions,
  type PromptArguments,
  type PromptDefinition,
  type PromptReturn,
} from './define/prompt.ts';
import {
  defineResource,
  type ResourceDefinition,
  type ResourceOptions,
  type ResourceReturn,
  type ResourceVariables,
} from './define/resource.ts';
import type { Schema } from './define/schema.ts';
import {
  defineTool,
  type NamedToolOptions,
  type ToolArguments,
  type ToolDefinition,
  type ToolReturn,
} from './define/tool.ts';
import { OdinError } from './errors.ts';
import type { Middleware } from './protocol/middleware.ts';
import type { Catalog } from './registry/catalog.ts';

/** What a server offers: the half of it that knows of no transport. */
export class Declarations {
  /** @internal */
  readonly catalog: Catalog;
  /** @internal Outermost first. */
  readonly middleware: Middleware[] = [];

  /** @internal */
  constructor(catalog: Catalog) {
    this.catalog = catalog;
  }

  /**
   * Registers definitions, extensions, and every decorated method of objects.
   *
   * @throws OdinError `duplicate_name`, `bad_schema`, `bad_option`; `bad_decorator` for an object without decorated methods
   */
  register(...items: readonly (Definition | ExtensionDefinition | object)[]): this {
    const { catalog } = this;
    for (const item of items) {
      if (isExtension(item)) catalog.extend(item);
      else for (const definition of toDefinitions(item)) catalog.add(definition);
    }
    return this;
  }

  /** Declares and registers a tool. @throws as `register` */
  tool<const I extends Schema | undefined = undefined, const O extends Schema | undefined = undefined>(
    options: NamedToolOptions<I, O>,
    handler: (...args: ToolArguments<I>) => ToolReturn<O>,
  ): ToolDefinition {
    return this.#add(defineTool(options, handler));
  }

  /** Declares and registers a resource, or a template when the URI has `{variables}`. @throws as `register` */
  resource<const U extends string>(
    uri: U,
    options: ResourceOptions,
    handler: (variables: ResourceVariables<U>, context: OdinContext) => ResourceReturn,
  ): ResourceDefinition {
    return this.#add(defineResource(uri, options, handler));
  }

  /** Declares and registers a prompt. @throws as `register` */
  prompt<const A extends Schema | undefined = undefined>(
    options: NamedPromptOptions<A>,
    handler: (...args: PromptArguments<A>) => PromptReturn,
  ): PromptDefinition {
    return this.#add(definePrompt(options, handler));
  }

  /** Adds a layer around every method; the first one added is the outermost. */
  use(...middleware: readonly Middleware[]): this {
    this.middleware.push(...middleware);
    return this;
  }

  /**
   * Takes over everything that another server offers now, tools and prompts with a prefix to their names. Resources
   * keep their URIs and extensions their methods, by which clients know them. Nothing is taken when anything is refused.
   *
   * @throws OdinError `bad_option` when the other has middleware, which would be lost; `duplicate_name`
   */
  mount(prefix: string, other: Declarations): this {
    if (other.middleware.length > 0)
      throw new OdinError('bad_option', 'mount: the mounted server has middleware; add it to the outer server.');
    const { definitions, extensions } = other.catalog;
    const taken = definitions.map((definition) =>
      definition.kind === 'resource' ? definition : { ...definition, name: `${prefix}${definition.name}` },
    );
    this.catalog.atomically(() => {
      for (const extension of extensions.all.values()) this.catalog.extend({ ...extension, definitions: [] });
      for (const definition of taken) this.catalog.add(definition);
    });
    return this;
  }

  #add<D extends Definition>(definition: D): D {
    this.catalog.add(definition);
    return definition;
  }
}
