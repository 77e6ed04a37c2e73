import { isRecord } from '../message.ts';

/** One field of a form that was made from a JSON Schema. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly required: boolean;
  /** `json`: whatever has no control of its own is written as JSON. */
  readonly kind: 'text' | 'number' | 'integer' | 'boolean' | 'choice' | 'choices' | 'json';
  readonly choices: readonly Choice[];
  /** What a control shows at the start: text, `true`/`false`, or the numbers of choices. */
  readonly initial: string;
  /** What is expected, in a few words. */
  readonly hint: string;
  readonly schema: Schema;
}

export interface Choice {
  readonly label: string;
  readonly value: unknown;
}

export type Schema = Readonly<Record<string, unknown>>;

const MAX_REFERENCES = 8;

/** The fields of an object schema; undefined when only JSON can say what it wants. */
export function createFields(schema: unknown): readonly Field[] | undefined {
  if (!isRecord(schema)) return undefined;
  const root = resolve(schema, schema);
  const { properties, additionalProperties, patternProperties } = root;
  if (['anyOf', 'oneOf', 'allOf', 'if'].some((word) => root[word] !== undefined)) return undefined;
  if (!isRecord(properties) || Object.keys(properties).length === 0) {
    return patternProperties !== undefined || isRecord(additionalProperties) ? undefined : [];
  }
  const required = Array.isArray(root.required) ? root.required : [];
  return Object.entries(properties).map(([name, property]) =>
    createField(name, resolve(isRecord(property) ? property : {}, schema), required.includes(name)),
  );
}

function createField(name: string, schema: Schema, required: boolean): Field {
  const choices = choicesOf(schema) ?? choicesOf(schema.items);
  const kind = kindOf(schema, choices !== undefined);
  return {
    ...{ name, kind, required, schema, choices: choices ?? [], initial: initialOf(schema, kind, choices ?? []) },
    label: typeof schema.title === 'string' ? schema.title : name,
    description: typeof schema.description === 'string' ? schema.description : '',
    hint: hintOf(schema, kind),
  };
}

function kindOf(schema: Schema, hasChoices: boolean): Field['kind'] {
  if (schema.type === 'array') return hasChoices ? 'choices' : 'json';
  if (hasChoices) return 'choice';
  switch (schema.type) {
    case 'string':
      return 'text';
    case 'number':
    case 'integer':
    case 'boolean':
      return schema.type;
    default:
      return 'json';
  }
}

/** Values of an enumeration, with or without titles (JSON Schema 2020-12; MCP elicitation). */
function choicesOf(schema: unknown): readonly Choice[] | undefined {
  if (!isRecord(schema)) return undefined;
  if (Array.isArray(schema.enum)) {
    const names = Array.isArray(schema.enumNames) ? schema.enumNames : [];
    return schema.enum.map((value, index) => ({ label: String(names[index] ?? labelOf(value)), value }));
  }
  const options = schema.oneOf ?? schema.anyOf;
  if (!Array.isArray(options) || !options.every((option) => isRecord(option) && 'const' in option)) return undefined;
  return options.map((option: Schema) => ({
    label: String(option.title ?? labelOf(option.const)),
    value: option.const,
  }));
}

function labelOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Follows references inside the document and takes `null` out of a union: an empty field says that already. */
function resolve(schema: Schema, root: Schema, depth = 0): Schema {
  if (depth > MAX_REFERENCES) return {};
  const { $ref, ...beside } = schema;
  if (typeof $ref === 'string') {
    const target = find(root, $ref);
    return target === undefined ? beside : resolve({ ...target, ...beside }, root, depth + 1);
  }
  if (Array.isArray(schema.type)) return { ...schema, type: schema.type.find((type) => type !== 'null') };
  const { anyOf, ...rest } = schema;
  const options = Array.isArray(anyOf) ? anyOf.filter((option) => isRecord(option) && option.type !== 'null') : [];
  return options.length === 1 ? resolve({ ...options[0], ...rest }, root, depth + 1) : schema;
}

function find(root: Schema, reference: string): Schema | undefined {
  if (!reference.startsWith('#/')) return reference === '#' ? root : undefined;
  let at: unknown = root;
  for (const step of reference.slice(2).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    at = isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return isRecord(at) ? at : undefined;
}

function initialOf(schema: Schema, kind: Field['kind'], choices: readonly Choice[]): string {
  const value = schema.default;
  if (value === undefined) return '';
  const numberOf = (wanted: unknown): number => choices.findIndex((choice) => Object.is(choice.value, wanted));
  if (kind === 'choices') return (Array.isArray(value) ? value : []).map(numberOf).join(',');
  if (kind === 'choice') return String(numberOf(value));
  return typeof value === 'string' && kind === 'text' ? value : JSON.stringify(value, undefined, 2);
}

function hintOf(schema: Schema, kind: Field['kind']): string {
  const { minimum, maximum, minLength, maxLength, format, items } = schema;
  if (kind === 'number' || kind === 'integer') {
    const whole = kind === 'integer' ? 'whole number' : 'number';
    const low = usable(minimum);
    const high = usable(maximum);
    if (low !== undefined && high !== undefined) return `${whole}, ${low} to ${high}`;
    if (low !== undefined) return `${whole}, ${low} or more`;
    return high === undefined ? whole : `${whole}, up to ${high}`;
  }
  if (kind === 'text') {
    if (typeof format === 'string') return format;
    if (typeof maxLength === 'number') return `up to ${maxLength} characters`;
    return typeof minLength === 'number' && minLength > 1 ? `at least ${minLength} characters` : '';
  }
  if (kind === 'json')
    return schema.type === 'array' ? `JSON array${itemType(items)}` : `JSON ${schema.type ?? ''}`.trim();
  return '';
}

function itemType(items: unknown): string {
  return isRecord(items) && typeof items.type === 'string' ? ` of ${items.type}s` : '';
}

/** Zod writes the bounds of safe integers into every whole number. */
function usable(bound: unknown): number | undefined {
  return typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined;
}
