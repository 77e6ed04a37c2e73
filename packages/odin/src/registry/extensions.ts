import { assertCacheHint } from '../define/common.ts';
import type { ExtensionDefinition, MethodDefinition } from '../define/extension.ts';
import { type CompiledSchema, compileSchema } from '../define/schema.ts';
import { OdinError } from '../errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import { CORE_METHODS } from '../protocol/vocabulary.ts';

export interface CompiledMethod {
  readonly definition: MethodDefinition;
  readonly params: CompiledSchema | undefined;
  /** The extension that the client must have declared before it may call this. */
  readonly requires: string | undefined;
}

/** The extensions of a server and their methods, compiled once. */
export class Extensions {
  readonly all: Map<string, ExtensionDefinition> = new Map();
  readonly methods: Map<string, CompiledMethod> = new Map();

  /** Nothing is added when anything of it is refused. @throws OdinError `duplicate_name`, `bad_schema` or `bad_option` */
  add(extension: ExtensionDefinition): void {
    const { id, requiresClient } = extension;
    if (this.all.has(id)) throw new OdinError('duplicate_name', `There is already an extension ${JSON.stringify(id)}.`);
    const methods = Object.entries(extension.methods).map(([name, definition]): [string, CompiledMethod] => {
      if (this.methods.has(name) || CORE_METHODS.has(name))
        throw new OdinError('duplicate_name', `There is already a method named ${JSON.stringify(name)}.`);
      const owner = `Method "${name}"`;
      assertCacheHint(definition.cache, owner, definition);
      const params = definition.params && compileSchema(definition.params, 'input', `${owner}, option params`);
      return [name, { definition, params, requires: requiresClient ? id : undefined }];
    });
    this.all.set(id, extension);
    for (const [name, method] of methods) this.methods.set(name, method);
  }

  /** `capabilities.extensions`; undefined when there is none. */
  get capabilities(): JsonObject | undefined {
    if (this.all.size === 0) return undefined;
    return Object.fromEntries([...this.all].map(([id, { settings }]) => [id, settings]));
  }
}
