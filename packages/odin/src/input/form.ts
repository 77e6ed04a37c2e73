import { OdinError } from '../errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../protocol/json.ts';

/** Formats that a form may name; clients refuse forms with others. */
const FORMATS: readonly unknown[] = ['email', 'uri', 'date', 'date-time'];
const PRIMITIVES: readonly unknown[] = ['string', 'number', 'integer', 'boolean'];

/**
 * The schema of a form as clients take it: a flat object of texts, numbers, booleans and choices (MCP 2026-07-28,
 * client/elicitation, "Requested Schema"). What else the schema asks of a value is checked here when the answer comes.
 *
 * @throws OdinError `bad_schema` for a property that no client could show
 */
export function toFormSchema({ type, properties, required }: JsonObject): JsonObject {
  const fields = Object.entries(isJsonObject(properties) ? properties : {});
  return {
    type: type ?? 'object',
    properties: Object.fromEntries(fields.map(([name, field]) => [name, toField(name, field)])),
    ...(required !== undefined && { required }),
  };
}

function toField(name: string, field: JsonValue | undefined): JsonObject {
  if (!isJsonObject(field) || !isField(field)) {
    throw new OdinError(
      'bad_schema',
      `elicit, option schema: ${JSON.stringify(name)} cannot be asked for in a form. A field is a string, a number, a boolean, or one or several of an enum; nothing nested, no union, no null.`,
    );
  }
  const { format, ...rest } = field;
  return format === undefined || FORMATS.includes(format) ? field : rest;
}

function isField({ type, items, oneOf, anyOf, allOf, $ref }: JsonObject): boolean {
  if (anyOf !== undefined || allOf !== undefined || $ref !== undefined) return false;
  if (type === 'array') return isJsonObject(items) && (isTexts(items.enum) || areTitled(items.anyOf));
  return PRIMITIVES.includes(type) && (oneOf === undefined || areTitled(oneOf));
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function areTitled(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((item) => isJsonObject(item) && typeof item.const === 'string' && typeof item.title === 'string')
  );
}
