import { isRecord } from '../message.ts';
import type { Field } from './schema-form.ts';

/** What stands in the controls: text, `true`, `false` or nothing, or the numbers of choices with commas between. */
export type Entered = ReadonlyMap<string, string>;

export type Read =
  | { readonly ok: true; readonly args: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly errors: ReadonlyMap<string, string> };

/** The arguments that a filled-in form means. Fields that are left empty are left out. */
export function readForm(fields: readonly Field[], entered: Entered): Read {
  const values: [string, unknown][] = [];
  const errors: [string, string][] = [];
  for (const field of fields) {
    const text = entered.get(field.name) ?? '';
    try {
      const value = readField(field, text);
      if (value !== undefined) values.push([field.name, value]);
      else if (field.required) throw new Error('This is required.');
    } catch (error) {
      errors.push([field.name, error instanceof Error ? error.message : String(error)]);
    }
  }
  return errors.length === 0 ? { ok: true, args: Object.fromEntries(values) } : { ok: false, errors: new Map(errors) };
}

/** The other way round: what the controls show for given arguments. */
export function fillForm(fields: readonly Field[], args: Readonly<Record<string, unknown>>): Entered {
  return new Map(
    fields.map((field) => [
      field.name,
      enteredOf(field, Object.hasOwn(args, field.name) ? args[field.name] : undefined),
    ]),
  );
}

/** Arguments written as JSON. */
export function readArguments(text: string): Read {
  if (text.trim() === '') return { ok: true, args: {} };
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return { ok: true, args: value };
    return { ok: false, errors: new Map([['', 'Arguments are one JSON object.']]) };
  } catch (error) {
    return { ok: false, errors: new Map([['', explainJson(error)]]) };
  }
}

function readField(field: Field, text: string): unknown {
  switch (field.kind) {
    case 'text':
      return readText(field, text);
    case 'number':
    case 'integer':
      return readNumber(field, text.trim());
    case 'boolean':
      return text === '' ? undefined : text === 'true';
    case 'choice':
      return text === '' ? undefined : field.choices[Number(text)]?.value;
    case 'choices':
      if (text === '') return field.required ? [] : undefined;
      return text.split(',').map((index) => field.choices[Number(index)]?.value);
    case 'json':
      return readJson(field, text);
  }
}

function readText({ required, schema }: Field, text: string): string | undefined {
  const { minLength, maxLength } = schema;
  // An empty text is a value only where one is asked for and may be empty.
  if (text === '') return required && !(typeof minLength === 'number' && minLength > 0) ? '' : undefined;
  if (typeof minLength === 'number' && text.length < minLength) throw new Error(`At least ${minLength} characters.`);
  if (typeof maxLength === 'number' && text.length > maxLength) throw new Error(`At most ${maxLength} characters.`);
  return text;
}

function readNumber({ kind, schema }: Field, text: string): number | undefined {
  if (text === '') return undefined;
  const value = Number(text);
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (!Number.isFinite(value)) throw new Error('This is not a number.');
  if (kind === 'integer' && !Number.isInteger(value)) throw new Error('This is not a whole number.');
  if (typeof minimum === 'number' && value < minimum) throw new Error(`At least ${minimum}.`);
  if (typeof maximum === 'number' && value > maximum) throw new Error(`At most ${maximum}.`);
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum)
    throw new Error(`More than ${exclusiveMinimum}.`);
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum)
    throw new Error(`Less than ${exclusiveMaximum}.`);
  return value;
}

function readJson({ schema }: Field, text: string): unknown {
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(explainJson(error));
  }
  if (schema.type === 'array' && !Array.isArray(value)) throw new Error('This must be a JSON array: [ … ]');
  if (schema.type === 'object' && !isRecord(value)) throw new Error('This must be a JSON object: { … }');
  return value;
}

function enteredOf({ kind, choices }: Field, value: unknown): string {
  if (value === undefined) return '';
  const numberOf = (wanted: unknown): string => {
    const found = choices.findIndex((choice) => JSON.stringify(choice.value) === JSON.stringify(wanted));
    return found < 0 ? '' : String(found);
  };
  if (kind === 'choice') return numberOf(value);
  if (kind === 'choices')
    return (Array.isArray(value) ? value : [])
      .map(numberOf)
      .filter((at) => at !== '')
      .join(',');
  return typeof value === 'string' && kind === 'text' ? value : JSON.stringify(value, undefined, 2);
}

function explainJson(error: unknown): string {
  return `This is not JSON: ${error instanceof Error ? error.message : String(error)}`;
}
