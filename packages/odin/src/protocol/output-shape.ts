import type { Era } from './exchange.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/**
 * What a tool gives, in the shape of its era: before 2026-07-28 output schemas and structured content are objects, so
 * that others are put into one, as `result` (SEP-2106).
 */
export function structuredIn(era: Era, result: JsonObject, schema: JsonObject | undefined): JsonObject {
  const { structuredContent } = result;
  if (era !== 'legacy' || structuredContent === undefined) return result;
  if (isJsonObject(structuredContent) && (!schema || schema.type === 'object')) return result;
  return { ...result, structuredContent: { result: structuredContent } };
}

/** The output schema of a tool as its era lists it; see {@link structuredIn}. */
export function outputSchemaIn(era: Era, schema: JsonObject): JsonObject {
  if (era !== 'legacy' || schema.type === 'object') return schema;
  const { $schema, ...inner } = schema;
  return {
    ...($schema !== undefined && { $schema }),
    type: 'object',
    properties: { result: moved(inner) },
    required: ['result'],
  };
}

const PLACE = '#/properties/result';
/** Keywords whose values are data, and those whose values are schemas by name. */
const DATA: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples']);
const BY_NAME: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);

/** A schema whose pointers still point to the same when it stands at {@link PLACE}. */
function moved(schema: JsonObject): JsonObject {
  if (typeof schema.$id === 'string') return schema;
  return Object.fromEntries(Object.entries(schema).map(([keyword, value]) => [keyword, movedIn(keyword, value)]));
}

function movedIn(keyword: string, value: JsonValue | undefined): JsonValue | undefined {
  if (DATA.has(keyword)) return value;
  if (keyword === '$ref' && typeof value === 'string') return /^#(?:\/|$)/.test(value) ? PLACE + value.slice(1) : value;
  if (Array.isArray(value)) return value.map((item) => (isJsonObject(item) ? moved(item) : item));
  if (!isJsonObject(value)) return value;
  if (!BY_NAME.has(keyword)) return moved(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, isJsonObject(item) ? moved(item) : item]),
  );
}
