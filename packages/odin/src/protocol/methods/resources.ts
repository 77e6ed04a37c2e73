import { type Answer, invalidParams } from '../answer.ts';
import { NOT_CACHED } from '../eras.ts';
import type { Exchange } from '../exchange.ts';
import { answerList } from '../lists.ts';
import { toResourceResult } from '../results.ts';
import { run } from '../run.ts';
import type { ServerParts } from '../server-parts.ts';

/** `resources/list` (MCP 2026-07-28, server/resources). */
export function listResources(exchange: Exchange, parts: ServerParts): Answer {
  return answerList('resources', exchange, parts);
}

/** `resources/templates/list`. */
export function listResourceTemplates(exchange: Exchange, parts: ServerParts): Answer {
  return answerList('resourceTemplates', exchange, parts);
}

/** `resources/read`. */
export async function readResource(exchange: Exchange, parts: ServerParts): Promise<Answer> {
  const { uri } = exchange.params;
  if (typeof uri !== 'string') return invalidParams('Invalid params: "uri" must be a string');
  const found = parts.catalog.findResource(uri);
  if (!found) return invalidParams(`Resource not found: ${uri}`, { uri });
  const { mimeType, cache = NOT_CACHED, handler } = found.definition;
  const denial = parts.catalog.access.denial(found.definition, exchange.principal);
  if (denial) return { kind: 'denied', denial };
  return run(exchange, parts, {
    handler: (context) => handler({ ...found.variables, uri }, context),
    toResult: (value) => toResourceResult(value, uri, mimeType),
    cache,
  });
}
