import { expect, test } from 'vitest';
import * as z from 'zod';
import { createFields, type Field } from '../../../src/console/page/schema-form.ts';

function only(property: unknown, extra: Record<string, unknown> = {}): Field {
  const [field, ...rest] = createFields({ type: 'object', properties: { x: property }, ...extra }) ?? [];
  if (field === undefined || rest.length > 0) throw new Error('expected one field');
  return field;
}

test.each([
  [{ type: 'string' }, 'text', ''],
  [{ type: 'string', format: 'date-time' }, 'text', 'date-time'],
  [{ type: 'string', maxLength: 9 }, 'text', 'up to 9 characters'],
  [{ type: 'number', minimum: 1 }, 'number', 'number, 1 or more'],
  [{ type: 'integer', minimum: 1, maximum: 9 }, 'integer', 'whole number, 1 to 9'],
  [{ type: 'integer', maximum: Number.MAX_SAFE_INTEGER }, 'integer', 'whole number'],
  [{ type: 'boolean' }, 'boolean', ''],
  [{ type: ['string', 'null'] }, 'text', ''],
  [{ anyOf: [{ type: 'null' }, { type: 'integer' }] }, 'integer', 'whole number'],
  [{ anyOf: [{ type: 'string' }, { type: 'integer' }] }, 'json', 'JSON'],
  [{ type: 'array', items: { type: 'string' } }, 'json', 'JSON array of strings'],
  [{ type: 'object' }, 'json', 'JSON object'],
  [{ enum: ['a', 1] }, 'choice', ''],
  [{ type: 'array', items: { enum: ['a'] } }, 'choices', ''],
  [{ $ref: '#/$defs/Size' }, 'choice', ''],
  [{ $ref: '#/$defs/Nothing' }, 'json', 'JSON'],
  [{}, 'json', 'JSON'],
  [true, 'json', 'JSON'],
])('%j is a field of kind %s', (property, kind, hint) => {
  expect(only(property, { $defs: { Size: { enum: ['s', 'm'] } } })).toMatchObject({ kind, hint });
});

test('choices have titles where the schema gives them', () => {
  expect(only({ oneOf: [{ const: 's', title: 'Small' }, { const: 2 }] }).choices).toEqual([
    { label: 'Small', value: 's' },
    { label: '2', value: 2 },
  ]);
  expect(only({ enum: ['s'], enumNames: ['Small'] }).choices).toEqual([{ label: 'Small', value: 's' }]);
});

test.each([
  [{ type: 'string', default: 'axe' }, 'axe'],
  [{ type: 'integer', default: 3 }, '3'],
  [{ type: 'boolean', default: false }, 'false'],
  [{ enum: ['a', 'b'], default: 'b' }, '1'],
  [{ type: 'array', items: { enum: ['a', 'b'] }, default: ['b'] }, '1'],
  [{ type: 'object', default: { a: 1 } }, '{\n  "a": 1\n}'],
])('%j starts as %j', (property, initial) => {
  expect(only(property).initial).toBe(initial);
});

test('a real schema of a tool', () => {
  const schema = z.object({ item: z.string().min(1).describe('What'), count: z.number().int().min(1).default(1) });
  expect(createFields(z.toJSONSchema(schema, { io: 'input' }))).toMatchObject([
    { name: 'item', label: 'item', description: 'What', required: true, kind: 'text' },
    { name: 'count', required: false, kind: 'integer', initial: '1' },
  ]);
});

test('no properties is no field; what a form cannot say is left to JSON', () => {
  expect(createFields({ type: 'object' })).toEqual([]);
  expect(createFields({ type: 'object', additionalProperties: { type: 'string' } })).toBeUndefined();
  expect(createFields({ anyOf: [{ type: 'object' }, { type: 'object' }] })).toBeUndefined();
  expect(createFields(true)).toBeUndefined();
});

test('a schema that refers to itself ends', () => {
  expect(only({ $ref: '#/$defs/A' }, { $defs: { A: { $ref: '#/$defs/A' } } }).kind).toBe('json');
  expect(only({ $ref: '#/__proto__/x' }).kind).toBe('json');
});
