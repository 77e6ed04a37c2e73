import { expect, test } from 'vitest';
import { fillForm, readArguments, readForm } from '../../../src/console/page/form-values.ts';
import { createFields, type Field } from '../../../src/console/page/schema-form.ts';

function fieldsOf(properties: Record<string, unknown>, required: readonly string[] = []): readonly Field[] {
  return createFields({ type: 'object', properties, required }) ?? [];
}

test.each([
  [{ type: 'string' }, 'axe', 'axe'],
  [{ type: 'integer' }, ' 2 ', 2],
  [{ type: 'number' }, '-1.5e3', -1500],
  [{ type: 'boolean' }, 'false', false],
  [{ enum: ['a', 7] }, '1', 7],
  [{ type: 'array', items: { enum: ['a', 'b', 'c'] } }, '0,2', ['a', 'c']],
  [{ type: 'array' }, '[1]', [1]],
  [{ type: 'object' }, '{"a":null}', { a: null }],
])('%j with %j means %j, and back', (property, text, value) => {
  const fields = fieldsOf({ x: property });
  expect(readForm(fields, new Map([['x', text]]))).toEqual({ ok: true, args: { x: value } });
  const filled = fillForm(fields, { x: value });
  expect(readForm(fields, filled)).toEqual({ ok: true, args: { x: value } });
});

test.each([
  [{ type: 'integer' }, '1.5', 'This is not a whole number.'],
  [{ type: 'number' }, 'many', 'This is not a number.'],
  [{ type: 'number', minimum: 2 }, '1', 'At least 2.'],
  [{ type: 'number', maximum: 2 }, '3', 'At most 2.'],
  [{ type: 'number', exclusiveMinimum: 0 }, '0', 'More than 0.'],
  [{ type: 'number', exclusiveMaximum: 1 }, '1', 'Less than 1.'],
  [{ type: 'string', minLength: 2 }, 'a', 'At least 2 characters.'],
  [{ type: 'string', maxLength: 2 }, 'abc', 'At most 2 characters.'],
  [{ type: 'array' }, '{}', 'This must be a JSON array: [ … ]'],
  [{ type: 'object' }, '[]', 'This must be a JSON object: { … }'],
  [{ type: 'object' }, '{', 'This is not JSON:'],
])('%j refuses %j', (property, text, message) => {
  const read = readForm(fieldsOf({ x: property }), new Map([['x', text]]));
  expect(read.ok ? undefined : read.errors.get('x')).toContain(message);
});

test('empty fields are left out; required ones are asked for', () => {
  const fields = fieldsOf({ a: { type: 'string' }, b: { type: 'integer' }, c: { type: 'string', minLength: 1 } }, [
    'b',
    'c',
  ]);
  const read = readForm(fields, new Map());
  expect(read.ok ? [] : [...read.errors.keys()]).toEqual(['b', 'c']);
  expect(readForm(fieldsOf({ a: { type: 'string' } }, ['a']), new Map())).toEqual({ ok: true, args: { a: '' } });
});

test('names of the language itself are names like others', () => {
  const fields = fieldsOf({ constructor: { type: 'string' }, ['__proto__']: { type: 'string' } });
  expect(readForm(fields, new Map())).toEqual({ ok: true, args: {} });
  expect([...fillForm(fields, {}).values()].every((value) => value === '')).toBe(true);
});

test('arguments as JSON are one object', () => {
  expect(readArguments(' ')).toEqual({ ok: true, args: {} });
  expect(readArguments('{"a":1}')).toEqual({ ok: true, args: { a: 1 } });
  expect(readArguments('[1]').ok).toBe(false);
  expect(readArguments('{').ok).toBe(false);
});
