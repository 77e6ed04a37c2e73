import type { OdinContext } from '../context.ts';
import { ExchangeContext } from '../context.ts';
import { InputRequired, InputRounds } from '../input/rounds.ts';
import { openState, sealState } from '../input/state.ts';
import { type Answer, invalidParams, resultAnswer } from './answer.ts';
import { finishResult, type ResultCache } from './eras.ts';
import type { Exchange } from './exchange.ts';
import { answerThrown } from './failure.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import type { ServerParts } from './server-parts.ts';

/** One handler, and how its value becomes a result. */
export interface Run {
  readonly handler: (context: OdinContext) => unknown;
  readonly toResult: (value: unknown) => JsonObject | Promise<JsonObject>;
  readonly cache?: ResultCache;
}

/** Runs a handler of one of the methods that may ask their client for input (MCP 2026-07-28, basic, "Multi round-trip requests"). */
export async function run(exchange: Exchange, parts: ServerParts, { handler, toResult, cache }: Run): Promise<Answer> {
  const rounds = isRetry(exchange) ? await resume(exchange, parts) : undefined;
  if (rounds && !(rounds instanceof InputRounds)) return rounds;
  const context = new ExchangeContext(exchange, parts.notify, rounds);
  const stopHeartbeat = parts.heartbeatMs === undefined ? undefined : context.beat(parts.heartbeatMs);
  try {
    const value = await handler(context);
    if (context.waiting) return await askFirst(context, exchange, parts);
    return resultAnswer(finishResult(exchange.era, await toResult(value), parts.identity, cache));
  } catch (thrown) {
    if (thrown instanceof InputRequired || context.waiting) return await askFirst(context, exchange, parts);
    return answerThrown(thrown, exchange, parts);
  } finally {
    stopHeartbeat?.();
  }
}

function isRetry({ params }: Exchange): boolean {
  return params.inputResponses !== undefined || params.requestState !== undefined;
}

async function resume(exchange: Exchange, parts: ServerParts): Promise<InputRounds | Answer> {
  const { inputResponses, requestState } = exchange.params;
  if (inputResponses !== undefined && !isJsonObject(inputResponses))
    return invalidParams('Invalid params: "inputResponses" must be an object');
  if (requestState === undefined) return new InputRounds(exchange);
  const memory = typeof requestState === 'string' ? await openState(requestState, exchange, parts) : undefined;
  if (!memory)
    return invalidParams('Invalid params: "requestState" is not valid for this request. Start again without it.');
  return new InputRounds(exchange, memory);
}

async function askFirst(context: ExchangeContext, exchange: Exchange, parts: ServerParts): Promise<Answer> {
  const { open, memory } = context.rounds;
  const inputRequests = Object.fromEntries([...open].map(([key, { method, params }]) => [key, { method, params }]));
  return resultAnswer({
    ...finishResult(exchange.era, {}, parts.identity),
    resultType: 'input_required',
    inputRequests,
    requestState: await sealState(memory, exchange, parts),
  });
}
