import { PrimitiveSchemaDefinitionSchema } from '@modelcontextprotocol/sdk/types.js';
import { fromJsonSchema } from '@modelcontextprotocol/server';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { compileSchema } from '../../src/define/schema.ts';
import { toFormSchema } from '../../src/input/form.ts';
import { toWire } from '../../src/input/question.ts';

const form = (schema: z.ZodType) => toFormSchema(compileSchema(schema, 'input', 'test').json);

it('is what clients take, for every kind of field', () => {
  const { properties } = form(
    z.object({
      text: z.string().min(1).max(9).default('x'),
      mail: z.email(),
      page: z.url(),
      day: z.iso.date(),
      at: z.iso.datetime(),
      id: z.uuid(),
      count: z.int().min(0).optional(),
      yes: z.boolean(),
      color: z.enum(['red', 'blue']),
      colors: z.array(z.enum(['red', 'blue'])).min(1),
    }),
  ) as { properties: Record<string, object> };
  for (const [name, field] of Object.entries(properties))
    expect(PrimitiveSchemaDefinitionSchema.safeParse(field), name).toMatchObject({ success: true });
  expect(properties).toMatchObject({ mail: { format: 'email' }, at: { format: 'date-time' } });
  expect(properties.id).not.toHaveProperty('format');
});

it('has choices with titles', () => {
  const titled = [{ const: 'r', title: 'Red' }];
  const fields = { one: { type: 'string', oneOf: titled }, many: { type: 'array', items: { anyOf: titled } } };
  expect(toFormSchema({ type: 'object', properties: fields, required: ['one'] })).toEqual({
    type: 'object',
    properties: fields,
    required: ['one'],
  });
});

it.each<[string, z.ZodType]>([
  ['an object in it', z.object({ bad: z.object({ a: z.string() }) })],
  ['a list of anything', z.object({ bad: z.array(z.string()) })],
  ['a union', z.object({ bad: z.union([z.string(), z.number()]) })],
  ['a null', z.object({ bad: z.string().nullable() })],
  ['anything at all', z.object({ bad: z.unknown() })],
])('cannot have %s', (_, schema) => {
  expect(() => toWire({ message: '?', schema })).toThrow(/elicit, option schema: "bad" cannot be asked for/);
});

it('cannot have a reference', () => {
  const schema = fromJsonSchema({
    type: 'object',
    properties: { bad: { type: 'string', $ref: '#/$defs/a' } },
    $defs: { a: { type: 'string' } },
  });
  expect(() => toWire({ message: '?', schema })).toThrow(/"bad" cannot be asked for/);
});
