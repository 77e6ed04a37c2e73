import { fromJsonSchema } from '@modelcontextprotocol/server';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compileSchema, promptArguments } from '../../src/define/schema.ts';

describe('compileSchema', () => {
  it('validates, transforms and names each problem with its path', async () => {
    const { validate } = compileSchema(
      z.object({ a: z.number(), deep: z.object({ b: z.string() }).default({ b: 'x' }) }),
      'input',
      'tool "t"',
    );
    expect(await validate({ a: 1 })).toEqual({ ok: true, value: { a: 1, deep: { b: 'x' } } });
    expect(await validate({ a: '1', deep: { b: 2 } })).toEqual({
      ok: false,
      problem: expect.stringMatching(/^a: .*; deep\.b: /),
    });
  });

  it('validates with promises too', async () => {
    const { validate } = compileSchema(
      z.object({ a: z.string().refine(async (text) => text === 'x', 'must be x') }),
      'input',
      'tool "t"',
    );
    expect(await validate({ a: 'y' })).toEqual({ ok: false, problem: 'a: must be x' });
  });

  it('refuses what a client would have to fetch', () => {
    const schema = fromJsonSchema({ type: 'object', properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: {} } });
    expect(() => compileSchema(schema, 'input', 'tool "t"')).not.toThrow();
    const elsewhere = z.object({ a: z.string() });
    const convert = () => ({ properties: { a: { $ref: 'https://example.com/a' } } });
    Object.assign(elsewhere['~standard'], { jsonSchema: { input: convert, output: convert } });
    for (const direction of ['input', 'output'] as const)
      expect(() => compileSchema(elsewhere, direction, 'tool "t"')).toThrow(
        /tool "t": \$ref .* points out of the schema/,
      );
  });

  it('gives JSON Schema 2020-12 with an object root', () => {
    expect(compileSchema(z.object({ a: z.number().optional() }), 'input', 'x').json).toMatchObject({
      type: 'object',
      properties: { a: { type: 'number' } },
    });
    const union = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a') }),
      z.object({ kind: z.literal('b') }),
    ]);
    expect(compileSchema(union, 'input', 'x').json.type).toBe('object');
  });

  it('takes plain JSON Schema through the SDK', async () => {
    const schema = fromJsonSchema({ type: 'object', properties: { a: { type: 'number' } }, required: ['a'] });
    const compiled = compileSchema(schema, 'input', 'x');
    expect(compiled.json).toMatchObject({ type: 'object', required: ['a'] });
    expect((await compiled.validate({})).ok).toBe(false);
  });

  it.each([
    { what: 'no schema', schema: {} as never, problem: /tool "t": expected a Standard Schema/ },
    {
      what: 'a root that is no object',
      schema: z.string() as never,
      problem: /tool "t": the schema must describe an object, but its type is "string"/,
    },
    { what: 'a schema without a JSON form', schema: v.object({}) as never, problem: /"valibot" cannot convert/ },
    {
      what: 'a type that JSON Schema does not know',
      schema: z.object({ at: z.date() }) as never,
      problem: /no JSON Schema form/,
    },
  ])('refuses $what when it is registered', ({ schema, problem }) => {
    expect(() => compileSchema(schema, 'input', 'tool "t"')).toThrow(problem);
  });
});

describe('promptArguments', () => {
  it('reads names, descriptions and which are required', () => {
    const { json } = compileSchema(
      z.object({ topic: z.string().describe('About'), tone: z.string().optional() }),
      'input',
      'x',
    );
    expect(promptArguments(json)).toEqual([
      { name: 'topic', description: 'About', required: true },
      { name: 'tone', required: false },
    ]);
  });
});
