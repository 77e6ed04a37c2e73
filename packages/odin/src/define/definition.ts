import type { PromptDefinition } from './prompt.ts';
import type { ResourceDefinition } from './resource.ts';
import type { ToolDefinition } from './tool.ts';

/** What a server offers, one by one. */
export type Definition = ToolDefinition | ResourceDefinition | PromptDefinition;
