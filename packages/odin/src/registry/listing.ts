import type { Principal } from '@asgard/heimdall-client';
import type { Described } from '../define/common.ts';
import type { PromptDefinition } from '../define/prompt.ts';
import type { ResourceDefinition } from '../define/resource.ts';
import { promptArguments } from '../define/schema.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Catalog, CompiledPrompt, CompiledTool } from './catalog.ts';

export type ListKind = 'tools' | 'prompts' | 'resources' | 'resourceTemplates';

const NO_ARGUMENTS: JsonObject = { type: 'object', properties: {}, additionalProperties: false };

/** The entries of one list as the protocol shows them, only those that the caller may use, in the order of registration. */
export function listEntries(catalog: Catalog, kind: ListKind, principal: Principal | undefined): readonly JsonObject[] {
  const allowed = (entry: Described): boolean => catalog.access.denial(entry, principal) === undefined;
  switch (kind) {
    case 'tools':
      return [...catalog.tools.values()]
        .filter(({ definition }) => allowed(definition) && !catalog.rules.isDenied(definition.name))
        .map(toolEntry);
    case 'prompts':
      return [...catalog.prompts.values()].filter(({ definition }) => allowed(definition)).map(promptEntry);
    case 'resources':
      return [...catalog.resources.values()].filter(allowed).map((definition) => resourceEntry('uri', definition));
    case 'resourceTemplates':
      return [...catalog.templates.values()]
        .map(({ definition }) => definition)
        .filter(allowed)
        .map((definition) => resourceEntry('uriTemplate', definition));
  }
}

function toolEntry({ definition, input, output }: CompiledTool): JsonObject {
  return {
    name: definition.name,
    ...described(definition),
    inputSchema: input?.json ?? NO_ARGUMENTS,
    ...(output && { outputSchema: output.json }),
    ...(definition.annotations && { annotations: { ...definition.annotations } }),
  };
}

function promptEntry({ definition, args }: CompiledPrompt): JsonObject {
  return promptBase(definition, args ? promptArguments(args.json) : []);
}

function promptBase(definition: PromptDefinition, args: readonly JsonObject[]): JsonObject {
  return { name: definition.name, ...described(definition), ...(args.length > 0 && { arguments: args }) };
}

function resourceEntry(key: 'uri' | 'uriTemplate', definition: ResourceDefinition): JsonObject {
  const { uri, name, mimeType, size, annotations } = definition;
  return {
    [key]: uri,
    name: name ?? uri,
    ...described(definition),
    ...(mimeType !== undefined && { mimeType }),
    ...(size !== undefined && { size }),
    ...(annotations && { annotations: { ...annotations } }),
  };
}

function described({ title, description, icons, meta }: Described): JsonObject {
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(icons && { icons: icons.map((icon) => ({ ...icon })) }),
    ...(meta && { _meta: meta }),
  };
}
