import { type Answer, invalidParams } from '../answer.ts';
import type { Exchange } from '../exchange.ts';
import { toolFailure } from '../failure.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { answerList } from '../lists.ts';
import { structuredIn } from '../output-shape.ts';
import { toToolResult } from '../results.ts';
import { run } from '../run.ts';
import type { ServerParts } from '../server-parts.ts';

/** `tools/list` (MCP 2026-07-28, server/tools). */
export function listTools(exchange: Exchange, parts: ServerParts): Answer {
  return answerList('tools', exchange, parts);
}

/** `tools/call`: refused before the handler runs unless name, rules, scopes and arguments are right. */
export async function callTool(exchange: Exchange, parts: ServerParts): Promise<Answer> {
  const { name, arguments: args = {} } = exchange.params;
  if (typeof name !== 'string') return invalidParams('Invalid params: "name" must be a string');
  if (!isJsonObject(args)) return invalidParams('Invalid params: "arguments" must be an object');
  const rules = parts.catalog.rules.for(name);
  if (rules.some(({ deny }) => deny)) return { kind: 'denied', denial: { what: 'rule', scopes: [] } };
  const tool = parts.catalog.tools.get(name);
  if (!tool) return invalidParams(`Tool ${name} not found`);
  const denial = parts.catalog.access.denial(tool.definition, exchange.principal);
  if (denial) return { kind: 'denied', denial };
  for (const rule of rules) await parts.takeCall(rule, exchange);
  const input = tool.input ? await tool.input.validate(args) : noArguments(args);
  if (!input.ok) {
    return toolFailure(exchange, parts, `Input validation error: Invalid arguments for tool ${name}: ${input.problem}`);
  }
  exchange.sink.prefer?.(tool.definition.hold);
  return run(exchange, parts, {
    handler: (context) => tool.definition.handler(input.value, context),
    toResult: async (value) => structuredIn(exchange.era, await toToolResult(value, tool.output), tool.output?.json),
  });
}

/** A tool without an input schema takes no arguments, and its listed schema says so. */
function noArguments(args: JsonObject): { ok: true; value: undefined } | { ok: false; problem: string } {
  const [unknown] = Object.keys(args);
  return unknown === undefined
    ? { ok: true, value: undefined }
    : { ok: false, problem: `${unknown}: this tool takes no arguments` };
}
