import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { OdinServer } from '../../src/index.ts';
import type { JsonObject } from '../../src/protocol/json.ts';
import { outputSchemaIn, structuredIn } from '../../src/protocol/output-shape.ts';
import { createTestClient } from '../../src/testing.ts';

describe('output that is no object', () => {
  it('is put into one for clients of older eras, in list and result alike', async () => {
    const odin = new OdinServer({ name: 'a', version: '1' });
    odin.tool({ name: 'list', output: z.array(z.number()) }, () => [1, 2]);
    odin.tool({ name: 'either', output: z.union([z.object({ a: z.number() }), z.null()]) }, () => ({ a: 1 }));
    const call = async (era: 'legacy' | 'modern', name: string) => {
      const client = createTestClient(odin, { era });
      const { outputSchema } = (await client.listTools()).find((tool) => tool.name === name) ?? {};
      const { structuredContent, content } = await client.callTool(name);
      expect(new Ajv2020().compile(outputSchema as AnySchema)(structuredContent)).toBe(true);
      return { type: outputSchema?.type, structuredContent, content };
    };
    expect(await call('modern', 'list')).toMatchObject({ type: 'array', structuredContent: [1, 2] });
    expect(await call('legacy', 'list')).toMatchObject({
      type: 'object',
      structuredContent: { result: [1, 2] },
      content: [{ text: '[1,2]' }],
    });
    expect(await call('modern', 'either')).toMatchObject({ structuredContent: { a: 1 } });
    expect(await call('legacy', 'either')).toMatchObject({ structuredContent: { result: { a: 1 } } });
  });

  it('keeps its references', () => {
    const schema: JsonObject = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      anyOf: [{ type: 'null' }, { $ref: '#/$defs/node' }],
      $defs: {
        node: {
          type: 'object',
          properties: { next: { $ref: '#' }, $ref: { $ref: '#a' }, default: { $ref: '#/$defs/node' } },
          default: { $ref: '#' },
          required: ['next'],
        },
        named: { $anchor: 'a', type: 'string' },
      },
    };
    const wrapped = outputSchemaIn('legacy', schema);
    const check = new Ajv2020({ strict: false }).compile(wrapped);
    expect(check({ result: { next: { next: null }, $ref: 'x' } })).toBe(true);
    expect(check({ result: { next: { next: 1 } } })).toBe(false);
    expect(check({ result: { next: null, default: 1 } })).toBe(false);
    expect(wrapped).toMatchObject({ properties: { result: { $defs: { node: { default: { $ref: '#' } } } } } });
  });

  it('is as it is where it is an object, or absent', () => {
    const object = { type: 'object' };
    expect(outputSchemaIn('legacy', object)).toBe(object);
    const result = { content: [], structuredContent: { a: 1 } };
    expect(structuredIn('legacy', result, object)).toBe(result);
    const failure = { content: [], isError: true };
    expect(structuredIn('legacy', failure, { type: 'array' })).toBe(failure);
  });
});
