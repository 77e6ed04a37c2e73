import type { Principal } from '@asgard/heimdall-client';
import { assertCacheHint } from '../define/common.ts';
import type { Definition } from '../define/definition.ts';
import type { Access, ExtensionDefinition } from '../define/extension.ts';
import type { PromptDefinition } from '../define/prompt.ts';
import type { ResourceDefinition } from '../define/resource.ts';
import { type CompiledSchema, compileSchema } from '../define/schema.ts';
import { assertToolName, type ToolDefinition } from '../define/tool.ts';
import { OdinError } from '../errors.ts';
import { AccessPolicy, hasRole, isMember } from './access.ts';
import { Extensions } from './extensions.ts';
import { type MirroredHeader, readMirroredHeaders } from './mirrored-headers.ts';
import { ToolRules } from './tool-rules.ts';
import { createUriMatcher, isUriTemplate, type UriMatcher } from './uri-template.ts';

export interface CompiledTool {
  readonly definition: ToolDefinition;
  readonly input: CompiledSchema | undefined;
  readonly output: CompiledSchema | undefined;
  /** Arguments that clients repeat in headers. */
  readonly mirrored: readonly MirroredHeader[];
}

export interface CompiledPrompt {
  readonly definition: PromptDefinition;
  readonly args: CompiledSchema | undefined;
}

export interface CompiledTemplate {
  readonly definition: ResourceDefinition;
  readonly matcher: UriMatcher;
}

/** A Map or Set, in the order of insertion. */
interface Grown {
  readonly size: number;
  keys(): Iterable<string | true>;
  delete(key: string | true): boolean;
}

/** Everything a server offers, in the order of registration, compiled once. The only source of what is listed and called. */
export class Catalog {
  readonly tools: Map<string, CompiledTool> = new Map();
  readonly prompts: Map<string, CompiledPrompt> = new Map();
  readonly resources: Map<string, ResourceDefinition> = new Map();
  readonly templates: Map<string, CompiledTemplate> = new Map();
  readonly extensions: Extensions = new Extensions();
  /** Scopes that any entry asks for, in the order of first use. */
  readonly scopes: Set<string> = new Set();
  readonly access: AccessPolicy;
  /** Of the operator, for tools. */
  readonly rules: ToolRules;
  readonly #roles = new Set<string>();
  readonly #organizations = new Set<string | true>();
  /** Grows with every change, so that prepared lists know when they are stale. */
  version = 0;

  constructor(access: AccessPolicy = new AccessPolicy(), rules: ToolRules = new ToolRules()) {
    this.access = access;
    this.rules = rules;
  }

  /** Whether any entry is for some callers only. */
  get restricted(): boolean {
    return this.scopes.size + this.#roles.size + this.#organizations.size > 0;
  }

  /** @throws OdinError `duplicate_name`, `bad_schema` or `bad_option` */
  add(definition: Definition): void {
    switch (definition.kind) {
      case 'tool':
        insert(this.tools, definition.name, compileTool(definition), 'tool');
        break;
      case 'prompt':
        insert(this.prompts, definition.name, compilePrompt(definition), 'prompt');
        break;
      case 'resource':
        this.#addResource(definition);
        break;
    }
    this.#restrict(definition);
    this.version += 1;
  }

  /** @throws OdinError as `add` */
  extend(extension: ExtensionDefinition): void {
    this.atomically(() => {
      this.extensions.add(extension);
      for (const method of Object.values(extension.methods)) this.#restrict(method);
      for (const definition of extension.definitions) this.add(definition);
      this.version += 1;
    });
  }

  /** Takes back all that a change has added when a part of it is refused. */
  atomically(change: () => void): void {
    const grown: readonly Grown[] = [
      this.tools,
      this.prompts,
      this.resources,
      this.templates,
      this.extensions.all,
      this.extensions.methods,
      this.scopes,
      this.#roles,
      this.#organizations,
    ];
    const sizes = grown.map(({ size }) => size);
    try {
      change();
    } catch (refused) {
      for (const [at, entries] of grown.entries())
        for (const key of [...entries.keys()].slice(sizes[at])) entries.delete(key);
      this.version += 1;
      throw refused;
    }
  }

  #restrict({ scopes = [], roles = [], organization }: Access): void {
    for (const scope of scopes) this.scopes.add(scope);
    for (const role of roles) this.#roles.add(role);
    if (organization !== undefined) this.#organizations.add(organization);
  }

  /** Everything as it was registered, by kind. */
  get definitions(): readonly Definition[] {
    const compiled = [...this.tools.values(), ...this.prompts.values(), ...this.templates.values()];
    return [...compiled.map(({ definition }) => definition), ...this.resources.values()];
  }

  /** One text per set of permissions that entries can tell apart; callers with the same text see the same lists. */
  permissionsOf(principal: Principal | undefined): string {
    if (!principal) return 'everything';
    if (!this.restricted) return 'unrestricted';
    return JSON.stringify([
      [...this.scopes].filter((scope) => this.access.hasScope(principal, scope)),
      [...this.#roles].filter((role) => hasRole(principal, role)),
      [...this.#organizations].filter((organization) => isMember(principal, organization)),
    ]);
  }

  /** Whether anything can be completed. */
  get completes(): boolean {
    const definitions = [...this.prompts.values(), ...this.templates.values()].map(({ definition }) => definition);
    return definitions.some(({ complete }) => complete !== undefined);
  }

  /** The resource that serves a URI: an exact one first, then the first template that matches. */
  findResource(
    uri: string,
  ): { definition: ResourceDefinition; variables: Readonly<Record<string, string>> } | undefined {
    const exact = this.resources.get(uri);
    if (exact) return { definition: exact, variables: {} };
    for (const { definition, matcher } of this.templates.values()) {
      const variables = matcher.match(uri);
      if (variables) return { definition, variables };
    }
    return undefined;
  }

  #addResource(definition: ResourceDefinition): void {
    assertCacheHint(definition.cache, `Resource ${JSON.stringify(definition.uri)}`, definition);
    if (isUriTemplate(definition.uri)) {
      insert(this.templates, definition.uri, { definition, matcher: createUriMatcher(definition.uri) }, 'resource');
      return;
    }
    if (!URL.canParse(definition.uri)) {
      throw new OdinError(
        'bad_option',
        `Resource ${JSON.stringify(definition.uri)}: not a URI. Give it a scheme, for example note://today.`,
      );
    }
    insert(this.resources, definition.uri, definition, 'resource');
  }
}

function compileTool(definition: ToolDefinition): CompiledTool {
  assertToolName(definition.name);
  const owner = `Tool "${definition.name}", option`;
  const input = definition.input && compileSchema(definition.input, 'input', `${owner} input`);
  return {
    definition,
    input,
    mirrored: input ? readMirroredHeaders(input.json, `${owner} input`) : [],
    output: definition.output && compileSchema(definition.output, 'output', `${owner} output`),
  };
}

function compilePrompt(definition: PromptDefinition): CompiledPrompt {
  return {
    definition,
    args: definition.args && compileSchema(definition.args, 'input', `Prompt "${definition.name}", option args`),
  };
}

function insert<T>(map: Map<string, T>, name: string, value: T, kind: string): void {
  if (map.has(name)) throw new OdinError('duplicate_name', `There is already a ${kind} named ${JSON.stringify(name)}.`);
  map.set(name, value);
}
