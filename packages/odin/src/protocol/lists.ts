import type { Page } from '../registry/cursor.ts';
import type { ListKind } from '../registry/listing.ts';
import { type Answer, invalidParams } from './answer.ts';
import { finishResult, NOT_CACHED } from './eras.ts';
import type { Era, Exchange } from './exchange.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { outputSchemaIn } from './output-shape.ts';
import type { ServerParts } from './server-parts.ts';

/** One page of a list as JSON text, in the shape of its era. */
export function formatPage(
  kind: ListKind,
  page: Page<JsonObject>,
  { era, identity }: { era: Era; identity: JsonObject },
): string {
  const { entries, nextCursor } = page;
  const shaped = kind === 'tools' ? entries.map((entry) => inEra(entry, era)) : entries;
  const result = { [kind]: shaped, ...(nextCursor !== undefined && { nextCursor }) };
  return JSON.stringify(finishResult(era, result, identity, NOT_CACHED));
}

function inEra(entry: JsonObject, era: Era): JsonObject {
  const { outputSchema } = entry;
  return isJsonObject(outputSchema) ? { ...entry, outputSchema: outputSchemaIn(era, outputSchema) } : entry;
}

/**
 * Answers a list request from the prepared texts: only what the caller may use, one page at a time. An empty cursor is
 * none: some clients send it for the first page.
 */
export function answerList(kind: ListKind, exchange: Exchange, parts: ServerParts): Answer {
  const { cursor } = exchange.params;
  if (cursor !== undefined && typeof cursor !== 'string')
    return invalidParams('Invalid params: "cursor" must be a string');
  const { principal, era } = exchange;
  const json = parts.lists.get(kind, era, { principal, ...(cursor && { cursor }) });
  return json === undefined
    ? invalidParams('Invalid params: "cursor" is not one of this list')
    : { kind: 'prepared', json };
}
