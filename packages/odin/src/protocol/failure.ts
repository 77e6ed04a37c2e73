import { RpcError, ToolError } from '../errors.ts';
import { type Answer, type FinalAnswer, handlerError, resultAnswer } from './answer.ts';
import { endedAnswer } from './ending.ts';
import { finishResult } from './eras.ts';
import type { Exchange } from './exchange.ts';
import type { JsonObject } from './json.ts';
import type { ServerParts } from './server-parts.ts';
import { RPC } from './vocabulary.ts';

/** A tool's failure told to the model: a result, not a JSON-RPC error (MCP 2026-07-28, server/tools, "Error Handling"). */
export function toolFailure(exchange: Exchange, parts: ServerParts, text: string): Answer {
  const result: JsonObject = { content: [{ type: 'text', text }], isError: true };
  return resultAnswer(finishResult(exchange.era, result, parts.identity));
}

/**
 * What a handler threw, as the client may see it: the message of a ToolError or an RpcError. Of everything else
 * only a reference; the text goes to the log beside that reference.
 */
export function answerThrown(thrown: unknown, exchange: Exchange, parts: ServerParts): Answer {
  const { cancelled, reason, ending } = exchange.cancellation;
  if (ending) return endedAnswer(ending);
  if (cancelled) return handlerError(RPC.refused, `Request cancelled: ${reason}`);
  const own = ownError(thrown);
  if (own instanceof RpcError) return handlerError(own.rpcCode, own.message, own.data);
  const isTool = exchange.method === 'tools/call';
  if (own) return isTool ? toolFailure(exchange, parts, own.message) : handlerError(RPC.internalError, own.message);
  const text = maskThrown(thrown, targetOf(exchange), parts);
  return isTool ? toolFailure(exchange, parts, text) : handlerError(RPC.internalError, text);
}

/** The error as one that is meant for the client; what throws when it is looked at, or cannot be sent, is none. */
function ownError(thrown: unknown): RpcError | ToolError | undefined {
  try {
    if (thrown instanceof ToolError) return thrown;
    return thrown instanceof RpcError && JSON.stringify(thrown.data ?? null) !== undefined ? thrown : undefined;
  } catch {
    return undefined;
  }
}

/** A failure that is none of the handler's: only a reference for the client. */
export function internalFailure(
  thrown: unknown,
  request: Pick<Exchange, 'method' | 'params'>,
  parts: ServerParts,
): FinalAnswer {
  return handlerError(RPC.internalError, maskThrown(thrown, targetOf(request), parts, 'an answer could not be begun'));
}

function targetOf({ method, params }: Pick<Exchange, 'method' | 'params'>): object {
  return { method, target: params.name ?? params.uri };
}

function maskThrown(error: unknown, target: object, parts: ServerParts, what = 'a handler failed'): string {
  const reference = parts.reference();
  parts.logger.error({ reference, ...target, error }, what);
  return `Internal error. Reference: ${reference}`;
}
