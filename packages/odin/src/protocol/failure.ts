import { RpcError, ToolError } from '../errors.ts';
import { type Answer, handlerError, resultAnswer } from './answer.ts';
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
  const { cancelled, reason } = exchange.cancellation;
  if (cancelled) return handlerError(RPC.refused, `Request cancelled: ${reason}`);
  if (thrown instanceof RpcError) return handlerError(thrown.rpcCode, thrown.message, thrown.data);
  const isTool = exchange.method === 'tools/call';
  if (thrown instanceof ToolError) {
    return isTool ? toolFailure(exchange, parts, thrown.message) : handlerError(RPC.internalError, thrown.message);
  }
  const text = maskThrown(thrown, exchange, parts);
  return isTool ? toolFailure(exchange, parts, text) : handlerError(RPC.internalError, text);
}

function maskThrown(thrown: unknown, exchange: Exchange, parts: ServerParts): string {
  const reference = parts.reference();
  parts.logger.error(
    { reference, method: exchange.method, target: exchange.params.name ?? exchange.params.uri, error: thrown },
    'a handler failed',
  );
  return `Internal error. Reference: ${reference}`;
}
