import type { PromptInfo, ResourceInfo, ToolInfo } from '../mcp-client.ts';
import type { Api } from './api.ts';
import type { Item } from './item.ts';
import { createPromptView } from './prompt-view.ts';
import { createResourceView } from './resource-view.ts';
import { createToolView } from './tool-view.ts';

export async function loadItems(api: Api, user: string): Promise<readonly Item[]> {
  // One after the other: the first one learns how to speak to the server.
  const tools = await api.tools(user);
  const resources = await api.resources(user);
  const prompts = await api.prompts(user);
  return [
    ...tools.map((tool) => toolItem(tool, user, api)),
    ...resources.map((resource) => resourceItem(resource, user, api)),
    ...prompts.map((prompt) => promptItem(prompt, user, api)),
  ];
}

function toolItem(tool: ToolInfo, user: string, api: Api): Item {
  return {
    ...{ kind: 'tool', key: `tool ${tool.name}`, name: tool.title ?? tool.name, description: tool.description },
    definition: JSON.stringify(tool),
    createView: (onRunning) => createToolView({ tool, user, api, onRunning }),
  };
}

function resourceItem(resource: ResourceInfo, user: string, api: Api): Item {
  const { uri, title, name } = resource;
  return {
    ...{ kind: 'resource', key: `resource ${uri}`, name: title ?? name, description: uri },
    definition: JSON.stringify(resource),
    createView: (onRunning) => createResourceView({ resource, user, api, onRunning }),
  };
}

function promptItem(prompt: PromptInfo, user: string, api: Api): Item {
  return {
    ...{ kind: 'prompt', key: `prompt ${prompt.name}`, name: prompt.title ?? prompt.name },
    description: prompt.description,
    definition: JSON.stringify(prompt),
    createView: () => createPromptView({ prompt, user, api }),
  };
}
