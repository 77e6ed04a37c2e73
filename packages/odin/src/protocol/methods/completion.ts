import type { Completers, CompletionContext } from '../../define/completion.ts';
import type { Requirements } from '../../registry/access.ts';
import { type Answer, invalidParams, resultAnswer } from '../answer.ts';
import { finishResult } from '../eras.ts';
import type { Exchange } from '../exchange.ts';
import { answerThrown } from '../failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import type { ServerParts } from '../server-parts.ts';

/** MCP 2026-07-28, server/utilities/completion: at most this many values in one result. */
const MAX_VALUES = 100;

/** `completion/complete`: suggestions for an argument of a prompt or a variable of a resource template. */
export async function complete(exchange: Exchange, parts: ServerParts): Promise<Answer> {
  const { ref, argument, context } = exchange.params;
  if (!isReference(ref)) {
    return invalidParams('Invalid params: "ref" must be { type: "ref/prompt", name } or { type: "ref/resource", uri }');
  }
  if (!isJsonObject(argument) || typeof argument.name !== 'string' || typeof argument.value !== 'string') {
    return invalidParams('Invalid params: "argument" needs a name and a value');
  }
  const target = findTarget(ref, parts);
  if (!target) {
    return invalidParams(
      ref.type === 'ref/prompt' ? `Prompt ${ref.name} not found` : `Resource template ${ref.uri} not found`,
    );
  }
  const denial = parts.catalog.access.denial(target, exchange.principal);
  if (denial) return { kind: 'denied', denial };
  try {
    const values = await suggest(
      target.complete,
      { name: argument.name, value: argument.value },
      contextOf(context, exchange),
    );
    const completion = {
      values: values.slice(0, MAX_VALUES),
      total: values.length,
      hasMore: values.length > MAX_VALUES,
    };
    return resultAnswer(finishResult(exchange.era, { completion }, parts.identity));
  } catch (thrown) {
    return answerThrown(thrown, exchange, parts);
  }
}

interface Target extends Requirements {
  readonly complete?: Completers;
}

type Reference =
  | { readonly type: 'ref/prompt'; readonly name: string }
  | { readonly type: 'ref/resource'; readonly uri: string };

function isReference(ref: JsonValue | undefined): ref is JsonObject & Reference {
  if (!isJsonObject(ref)) return false;
  return ref.type === 'ref/prompt'
    ? typeof ref.name === 'string'
    : ref.type === 'ref/resource' && typeof ref.uri === 'string';
}

function findTarget(ref: Reference, { catalog }: ServerParts): Target | undefined {
  if (ref.type === 'ref/prompt') return catalog.prompts.get(ref.name)?.definition;
  return catalog.templates.get(ref.uri)?.definition ?? catalog.findResource(ref.uri)?.definition;
}

async function suggest(
  completers: Completers = {},
  argument: { name: string; value: string },
  context: CompletionContext,
): Promise<readonly string[]> {
  const completer = Object.hasOwn(completers, argument.name) ? completers[argument.name] : undefined;
  return (await completer?.(argument.value, context)) ?? [];
}

function contextOf(context: unknown, { principal }: Exchange): CompletionContext {
  const given = isJsonObject(context) && isJsonObject(context.arguments) ? context.arguments : {};
  const strings = Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { arguments: Object.fromEntries(strings), principal };
}
