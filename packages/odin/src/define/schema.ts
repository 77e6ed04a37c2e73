import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { OdinError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { checkSchemaBounds } from './schema-bounds.ts';

/** Any Standard Schema (zod 4, valibot, arktype, or `fromJsonSchema` of the MCP SDK) that can also say itself as JSON Schema. */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output>;
export type InputOf<S> = S extends StandardSchemaV1 ? StandardSchemaV1.InferInput<S> : undefined;
export type OutputOf<S> = S extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<S> : undefined;

export type Validation<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** A schema made ready once: its validator and its JSON Schema 2020-12. */
export interface CompiledSchema {
  validate(value: unknown): Validation<unknown> | Promise<Validation<unknown>>;
  readonly json: JsonObject;
}

/**
 * Compiles a schema when it is registered, so that a call only validates.
 *
 * @param owner what the schema belongs to, for the error: `tool "add", option input`
 * @throws OdinError `bad_schema` when it is no Standard Schema, has no JSON Schema form, or one that {@link checkSchemaBounds} refuses
 */
export function compileSchema(schema: Schema, direction: 'input' | 'output', owner: string): CompiledSchema {
  const standard = standardOf(schema, owner);
  const converted = toJsonSchema(standard, direction, owner);
  checkSchemaBounds(converted, owner);
  return {
    json: direction === 'input' ? objectRoot(converted, owner) : converted,
    validate: (value) => {
      const outcome = standard.validate(value);
      return outcome instanceof Promise ? outcome.then(toValidation) : toValidation(outcome);
    },
  };
}

function standardOf(schema: Schema, owner: string): StandardSchemaV1.Props {
  const standard = (schema as Partial<Schema> | undefined)?.['~standard'];
  if (typeof standard?.validate !== 'function') {
    throw new OdinError('bad_schema', `${owner}: expected a Standard Schema, for example z.object({ … }) of zod 4.`);
  }
  return standard;
}

function toJsonSchema(standard: StandardSchemaV1.Props, direction: 'input' | 'output', owner: string): JsonObject {
  const convert = (standard as Partial<StandardJSONSchemaV1.Props>).jsonSchema?.[direction];
  if (typeof convert !== 'function') {
    throw new OdinError(
      'bad_schema',
      `${owner}: "${standard.vendor}" cannot convert its schemas to JSON Schema. Use zod 4.2 or later, wrap a valibot schema with toStandardJsonSchema() of @valibot/to-json-schema, or pass fromJsonSchema({ … }).`,
    );
  }
  try {
    return convert({ target: 'draft-2020-12' }) as JsonObject;
  } catch (cause) {
    throw new OdinError('bad_schema', `${owner}: the schema has no JSON Schema form: ${messageOf(cause)}`, { cause });
  }
}

/** MCP 2026-07-28, server/tools: the root of an input schema is an object. */
function objectRoot(json: JsonObject, owner: string): JsonObject {
  if (json.type !== undefined && json.type !== 'object') {
    throw new OdinError(
      'bad_schema',
      `${owner}: the schema must describe an object, but its type is ${JSON.stringify(json.type)}.`,
    );
  }
  return { type: 'object', ...json };
}

function toValidation(outcome: StandardSchemaV1.Result<unknown>): Validation<unknown> {
  return outcome.issues
    ? { ok: false, problem: outcome.issues.map(formatIssue).join('; ') }
    : { ok: true, value: outcome.value };
}

function formatIssue(issue: StandardSchemaV1.Issue): string {
  const path = (issue.path ?? []).map((part) => String(isPathSegment(part) ? part.key : part)).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

function isPathSegment(part: PropertyKey | StandardSchemaV1.PathSegment): part is StandardSchemaV1.PathSegment {
  return typeof part === 'object';
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** The argument list of a prompt, read off the JSON Schema of its arguments. */
export function promptArguments(json: JsonObject): JsonObject[] {
  const properties = isJsonObject(json.properties) ? json.properties : {};
  const required = Array.isArray(json.required) ? json.required : [];
  return Object.entries(properties).map(([name, property]) => {
    const described = isJsonObject(property) ? property : {};
    return {
      name,
      ...(typeof described.title === 'string' && { title: described.title }),
      ...(typeof described.description === 'string' && { description: described.description }),
      required: required.includes(name),
    };
  });
}
