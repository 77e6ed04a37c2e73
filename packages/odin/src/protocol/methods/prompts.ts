import { type Answer, invalidParams } from '../answer.ts';
import type { Exchange } from '../exchange.ts';
import { isJsonObject } from '../json.ts';
import { answerList } from '../lists.ts';
import { toPromptResult } from '../results.ts';
import { run } from '../run.ts';
import type { ServerParts } from '../server-parts.ts';

/** `prompts/list` (MCP 2026-07-28, server/prompts). */
export function listPrompts(exchange: Exchange, parts: ServerParts): Answer {
  return answerList('prompts', exchange, parts);
}

/** `prompts/get`. */
export async function getPrompt(exchange: Exchange, parts: ServerParts): Promise<Answer> {
  const { name, arguments: args = {} } = exchange.params;
  if (typeof name !== 'string') return invalidParams('Invalid params: "name" must be a string');
  if (!isJsonObject(args)) return invalidParams('Invalid params: "arguments" must be an object');
  const prompt = parts.catalog.prompts.get(name);
  if (!prompt) return invalidParams(`Prompt ${name} not found`);
  const { description, handler } = prompt.definition;
  const denial = parts.catalog.access.denial(prompt.definition, exchange.principal);
  if (denial) return { kind: 'denied', denial };
  const checked = prompt.args ? await prompt.args.validate(args) : { ok: true as const, value: undefined };
  if (!checked.ok) return invalidParams(`Invalid arguments for prompt ${name}: ${checked.problem}`);
  return run(exchange, parts, {
    handler: (context) => handler(checked.value, context),
    toResult: (value) => toPromptResult(value, description),
  });
}
