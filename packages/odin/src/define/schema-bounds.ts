import { OdinError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';

/** Applied to the same value as the schema that holds them: what makes one value cost more than one look. */
const IN_PLACE_LISTS = ['allOf', 'anyOf', 'oneOf'];
const IN_PLACE = ['not', 'if', 'then', 'else'];
const IN_PLACE_MAPS = ['dependentSchemas', 'dependencies'];
/** Applied to a part of the value. */
const PARTS = [
  'additionalProperties',
  'propertyNames',
  'items',
  'additionalItems',
  'contains',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contentSchema',
];
const PART_LISTS = ['prefixItems', 'items'];
const PART_MAPS = ['properties', 'patternProperties', '$defs', 'definitions'];
const REFERENCES = ['$ref', '$dynamicRef'];

/** How deep schemas may nest, references not counted. */
const MAX_DEPTH = 64;
/** How many schemas one schema may consist of. */
const MAX_SCHEMAS = 5_000;
/** How many schemas may be applied to one and the same value, references followed. */
const MAX_APPLIED = 10_000;

/** Where a schema without an `$id` stands, so that relative ones have something to be relative to. */
const NOWHERE = 'schema:///';

/** A subschema and the document that its references start from: the nearest one around it that has an `$id`. */
interface Place {
  readonly schema: JsonObject;
  readonly document: JsonObject;
  /** The URI of that document. */
  readonly base: string;
}

/** The schemas of a schema, and its documents by their URIs. */
interface Parts {
  readonly places: Map<JsonObject, Place>;
  readonly documents: Map<string, Place>;
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
  const parts: Parts = { places: new Map(), documents: new Map() };
  const { places, documents } = parts;
  collect({ schema: json, document: json, base: NOWHERE }, parts, refuse);
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
      const target = place.schema[keyword] === undefined ? undefined : resolve(keyword, place);
      if (target) yield target;
    }
  }

  /** undefined when it is `true` or `false`, where there is nothing to look at. */
  function resolve(keyword: string, place: Place): Place | undefined {
    const reference = place.schema[keyword];
    const { document, fragment } = documentOf(reference, place) ?? {};
    if (!document || fragment === undefined) {
      return refuse(
        `${keyword} ${JSON.stringify(reference)} points out of the schema, and nobody may fetch it. Put what it means under $defs and point to "#/$defs/…".`,
      );
    }
    const isPointer = fragment === '' || fragment.startsWith('/');
    const target = isPointer ? byPointer(document.schema, fragment) : byAnchor(fragment, document.schema);
    if (target === undefined) refuse(`${keyword} ${JSON.stringify(reference)} points to nothing in the schema.`);
    return isJsonObject(target) ? placeOf(target, document) : undefined;
  }

  /** The document that a reference means, which must be one of the schema's own, and where in it. */
  function documentOf(
    reference: unknown,
    { document, base }: Place,
  ): { readonly document: Place | undefined; readonly fragment: string } | undefined {
    if (typeof reference !== 'string') return undefined;
    if (reference.startsWith('#')) return { document: places.get(document), fragment: reference.slice(1) };
    const [uri = '', fragment = ''] = (resolveUri(reference, base) ?? '').split('#', 2);
    return { document: documents.get(uri), fragment };
  }

  function byAnchor(anchor: string, document: JsonObject): JsonObject | undefined {
    for (const place of places.values()) {
      const { $anchor, $dynamicAnchor } = place.schema;
      if (place.document === document && ($anchor === anchor || $dynamicAnchor === anchor)) return place.schema;
    }
    return undefined;
  }

  /** A reference may point to where no keyword puts a schema, as `#/components/…`: it is one by being pointed to. */
  function placeOf(schema: JsonObject, { document, base }: Place): Place {
    if (!places.has(schema)) collect({ schema, document, base }, parts, refuse);
    return places.get(schema) ?? { schema, document, base };
  }
}

function collect(start: Place, { places, documents }: Parts, refuse: (problem: string) => never): void {
  let level: Place[] = [start];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) refuse(`the schema nests more than ${MAX_DEPTH} levels deep.`);
    const below: Place[] = [];
    for (const outer of level) {
      const { schema } = outer;
      if (places.has(schema)) continue;
      const place = placed(outer);
      places.set(schema, place);
      if (place.document === schema && !documents.has(place.base)) documents.set(place.base, place);
      if (places.size > MAX_SCHEMAS) refuse(`the schema consists of more than ${MAX_SCHEMAS} schemas.`);
      for (const next of subschemas(schema)) below.push({ ...place, schema: next });
    }
    level = below;
  }
}

/** A schema with an `$id` is a document of its own (JSON Schema 2020-12 core, section 8.2.1). */
function placed({ schema, document, base }: Place): Place {
  const id = typeof schema.$id === 'string' ? resolveUri(schema.$id, base)?.replace(/#.*$/, '') : undefined;
  return id === undefined || id === base ? { schema, document, base } : { schema, document: schema, base: id };
}

function resolveUri(reference: string, base: string): string | undefined {
  return URL.canParse(reference, base) ? new URL(reference, base).href : undefined;
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

/** RFC 6901 in its URI fragment form. */
function byPointer(document: JsonObject, fragment: string): JsonObject | boolean | undefined {
  let value: unknown = document;
  for (const token of fragment.split('/').slice(1)) {
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
