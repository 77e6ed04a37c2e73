import { OdinError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';

/** Applied to the same value as the schema that holds them: what makes one value cost more than one look. */
const IN_PLACE_LISTS = ['allOf', 'anyOf', 'oneOf'];
const IN_PLACE = ['not', 'if', 'then', 'else'];
const IN_PLACE_MAPS = ['dependentSchemas'];
/** Applied to a part of the value. */
const PARTS = [
  'additionalProperties',
  'propertyNames',
  'items',
  'contains',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contentSchema',
];
const PART_LISTS = ['prefixItems'];
const PART_MAPS = ['properties', 'patternProperties', '$defs', 'definitions'];
const REFERENCES = ['$ref', '$dynamicRef'];

/** How deep schemas may nest, references not counted. */
const MAX_DEPTH = 64;
/** How many schemas one schema may consist of. */
const MAX_SCHEMAS = 5_000;
/** How many schemas may be applied to one and the same value, references followed. */
const MAX_APPLIED = 10_000;

/** A subschema and the document that its references start from: the nearest one around it that has an `$id`. */
interface Place {
  readonly schema: JsonObject;
  readonly document: JsonObject;
}

/**
 * Refuses a JSON Schema that a client or server could not check in bounded time and without fetching anything: a `$ref` out of the
 * document or to nothing, references that go round in circles, and schemas that nest or multiply beyond reason.
 *
 * MCP 2026-07-28, basic: JSON Schema usage.
 *
 * @param owner what the schema belongs to, for the error: `tool "add", option input`
 * @throws OdinError `bad_schema`
 */
export function checkSchemaBounds(json: JsonObject, owner: string): void {
  const refuse = (problem: string): never => {
    throw new OdinError('bad_schema', `${owner}: ${problem}`);
  };
  const places = new Map<JsonObject, Place>();
  collect({ schema: json, document: json }, places, refuse);
  const applied = new Map<JsonObject, number>();
  for (const place of places.values()) countApplied(place);

  /** How many schemas look at one value of this place; the memory of `applied` keeps it linear. */
  function countApplied(place: Place): number {
    const known = applied.get(place.schema);
    if (known === 0) refuse(`its references go round in circles: ${textOf(place.schema)}.`);
    if (known !== undefined) return known;
    applied.set(place.schema, 0);
    let sum = 1;
    for (const next of inPlace(place)) sum += countApplied(next);
    if (sum > MAX_APPLIED) {
      refuse(`more than ${MAX_APPLIED} schemas would be applied to one value: ${textOf(place.schema)}.`);
    }
    applied.set(place.schema, sum);
    return sum;
  }

  function* inPlace(place: Place): Generator<Place> {
    for (const schema of nested(place.schema, IN_PLACE, IN_PLACE_LISTS, IN_PLACE_MAPS)) yield placeOf(schema, place);
    for (const keyword of REFERENCES) {
      const reference = place.schema[keyword];
      const target = reference === undefined ? true : resolve(keyword, reference, place);
      if (typeof target !== 'boolean') yield placeOf(target, place);
    }
  }

  function resolve(keyword: string, reference: unknown, { document }: Place): JsonObject | boolean {
    if (typeof reference !== 'string' || !reference.startsWith('#')) {
      return refuse(
        `${keyword} ${JSON.stringify(reference)} points out of the schema, and nobody may fetch it. Put what it means under $defs and point to "#/$defs/…".`,
      );
    }
    const target = isPointer(reference) ? byPointer(document, reference) : byAnchor(reference.slice(1), document);
    return target ?? refuse(`${keyword} ${JSON.stringify(reference)} points to nothing in the schema.`);
  }

  function byAnchor(anchor: string, document: JsonObject): JsonObject | undefined {
    for (const place of places.values()) {
      const { $anchor, $dynamicAnchor } = place.schema;
      if (place.document === document && ($anchor === anchor || $dynamicAnchor === anchor)) return place.schema;
    }
    return undefined;
  }

  /** A reference may point to where no keyword puts a schema, as `#/components/…`: it is one by being pointed to. */
  function placeOf(schema: JsonObject, from: Place): Place {
    if (!places.has(schema)) collect({ schema, document: from.document }, places, refuse);
    return places.get(schema) ?? from;
  }
}

function collect(start: Place, places: Map<JsonObject, Place>, refuse: (problem: string) => never): void {
  let level: Place[] = [start];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) refuse(`the schema nests more than ${MAX_DEPTH} levels deep.`);
    const below: Place[] = [];
    for (const { schema, document: outer } of level) {
      if (places.has(schema)) continue;
      const document = typeof schema.$id === 'string' ? schema : outer;
      places.set(schema, { schema, document });
      if (places.size > MAX_SCHEMAS) refuse(`the schema consists of more than ${MAX_SCHEMAS} schemas.`);
      for (const next of subschemas(schema)) below.push({ schema: next, document });
    }
    level = below;
  }
}

function* subschemas(schema: JsonObject): Generator<JsonObject> {
  yield* nested(schema, IN_PLACE, IN_PLACE_LISTS, IN_PLACE_MAPS);
  yield* nested(schema, PARTS, PART_LISTS, PART_MAPS);
}

/** What is under these keywords and a schema: data under `const`, `default` or `enum` is none, whatever it looks like. */
function* nested(
  schema: JsonObject,
  keywords: readonly string[],
  lists: readonly string[],
  maps: readonly string[],
): Generator<JsonObject> {
  for (const keyword of keywords) if (isJsonObject(schema[keyword])) yield schema[keyword];
  for (const keyword of lists) if (Array.isArray(schema[keyword])) yield* schema[keyword].filter(isJsonObject);
  for (const keyword of maps)
    if (isJsonObject(schema[keyword])) yield* Object.values(schema[keyword]).filter(isJsonObject);
}

function isPointer(reference: string): boolean {
  return reference === '#' || reference.startsWith('#/');
}

/** RFC 6901 in its URI fragment form. */
function byPointer(document: JsonObject, reference: string): JsonObject | boolean | undefined {
  let value: unknown = document;
  for (const token of reference.split('/').slice(1)) {
    const key = decodeToken(token);
    if (key === undefined || typeof value !== 'object' || value === null || !Object.hasOwn(value, key))
      return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return isJsonObject(value) || typeof value === 'boolean' ? value : undefined;
}

function decodeToken(token: string): string | undefined {
  try {
    return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}

function textOf(schema: JsonObject): string {
  const text = JSON.stringify(schema);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
