import { type Answer, invalidParams, protocolError, resultAnswer } from '../answer.ts';
import type { Exchange } from '../exchange.ts';
import type { ServerParts } from '../server-parts.ts';
import { LOG_LEVELS, type LogLevel, RPC } from '../vocabulary.ts';

/** `logging/setLevel` (MCP 2025-11-25, server/utilities/logging): for every later request of the session. */
export async function setLogLevel({ session, params }: Exchange): Promise<Answer> {
  if (!session) return notFound();
  const { level } = params;
  if (!LOG_LEVELS.includes(level as LogLevel))
    return invalidParams(`Invalid params: "level" must be one of ${LOG_LEVELS.join(', ')}`);
  await session.setLogLevel(level as LogLevel);
  return resultAnswer({});
}

/** `resources/subscribe` (MCP 2025-11-25, server/resources): told on the session's own stream. */
export async function subscribe(exchange: Exchange, parts: ServerParts): Promise<Answer> {
  const { session, params, principal } = exchange;
  if (!session) return notFound();
  const { uri } = params;
  if (typeof uri !== 'string') return invalidParams('Invalid params: "uri" must be a string');
  const found = parts.catalog.findResource(uri);
  if (!found) return invalidParams(`Resource not found: ${uri}`, { uri });
  const denial = parts.catalog.access.denial(found.definition, principal);
  if (denial) return { kind: 'denied', denial };
  return (await session.subscribe(uri)) ? resultAnswer({}) : invalidParams('Too many subscriptions in this session');
}

/** `resources/unsubscribe`. */
export async function unsubscribe({ session, params }: Exchange): Promise<Answer> {
  if (!session) return notFound();
  if (typeof params.uri !== 'string') return invalidParams('Invalid params: "uri" must be a string');
  await session.unsubscribe(params.uri);
  return resultAnswer({});
}

/** Without a session there is nothing to set. */
function notFound(): Answer {
  return protocolError(RPC.methodNotFound, 'Method not found');
}
