import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readMirroredHeaders } from '../../src/registry/mirrored-headers.ts';
import { createFixture, modernRequest } from '../fixture.ts';

describe('readMirroredHeaders', () => {
  it('finds declarations at any depth of plain objects', () => {
    const schema = {
      type: 'object',
      properties: {
        region: { type: 'string', 'x-mcp-header': 'Region' },
        deep: { type: 'object', properties: { n: { type: 'integer', 'x-mcp-header': 'N' } } },
      },
    };
    expect(readMirroredHeaders(schema, 't')).toEqual([
      { header: 'Region', path: ['region'], type: 'string' },
      { header: 'N', path: ['deep', 'n'], type: 'integer' },
    ]);
  });

  it.each([
    ['under items', { properties: { a: { type: 'array', items: { type: 'string', 'x-mcp-header': 'A' } } } }],
    ['under anyOf', { anyOf: [{ properties: { a: { type: 'string', 'x-mcp-header': 'A' } } }] }],
    ['under $defs', { $defs: { a: { type: 'string', 'x-mcp-header': 'A' } } }],
    ['at the root', { 'x-mcp-header': 'A' }],
    ['on a number', { properties: { a: { type: 'number', 'x-mcp-header': 'A' } } }],
    ['without a type', { properties: { a: { 'x-mcp-header': 'A' } } }],
    ['with a bad name', { properties: { a: { type: 'string', 'x-mcp-header': 'A b' } } }],
    ['with an empty name', { properties: { a: { type: 'string', 'x-mcp-header': '' } } }],
    [
      'twice',
      { properties: { a: { type: 'string', 'x-mcp-header': 'A' }, b: { type: 'string', 'x-mcp-header': 'a' } } },
    ],
  ])('refuses one %s when the tool is registered', (_, schema) => {
    expect(() => readMirroredHeaders({ type: 'object', ...schema } as never, 'Tool "t"')).toThrow(
      /^Tool "t": x-mcp-header at /,
    );
  });

  it('takes data that only looks like a declaration for data', () => {
    expect(
      readMirroredHeaders({ properties: { a: { type: 'object', default: { 'x-mcp-header': 'A' } } } }, 't'),
    ).toEqual([]);
  });
});

describe('Mcp-Param headers', () => {
  const Deploy = z.object({
    region: z.string().meta({ 'x-mcp-header': 'Region' }),
    count: z.int().optional().meta({ 'x-mcp-header': 'Count' }),
    dry: z.boolean().optional().meta({ 'x-mcp-header': 'Dry' }),
  });
  const send = async (
    args: object,
    headers: Record<string, string>,
  ): Promise<{ status: number; ran: string[]; code?: number }> => {
    const { odin, ran } = createFixture();
    odin.tool({ name: 'deploy', input: Deploy }, () => ran.push('deploy'));
    const response = await odin.fetch(modernRequest('tools/call', { name: 'deploy', arguments: args }, { headers }));
    const { error } = (await response.json()) as { error?: { code: number } };
    return { status: response.status, ran, ...(error && { code: error.code }) };
  };

  it.each([
    [{ region: 'eu' }, { 'mcp-param-region': 'eu' }],
    [{ region: 'Ürdarbrunnr' }, { 'mcp-param-region': `=?base64?${Buffer.from('Ürdarbrunnr').toString('base64')}?=` }],
    [
      { region: 'eu', count: 42 },
      { 'mcp-param-region': 'eu', 'mcp-param-count': '42.0' },
    ],
    [
      { region: 'eu', dry: true },
      { 'mcp-param-region': 'eu', 'mcp-param-dry': 'true' },
    ],
    [{ region: 'eu' }, { 'mcp-param-region': 'eu', 'mcp-param-count': '7' }],
  ])('%j with %j runs', async (args, headers) => {
    expect(await send(args, headers)).toEqual({ status: 200, ran: ['deploy'] });
  });

  it.each([
    [{ region: 'eu' }, {}],
    [{ region: 'eu' }, { 'mcp-param-region': 'us' }],
    [{ region: 'eu' }, { 'mcp-param-region': '=?base64?!?=' }],
    [
      { region: 'eu', count: 1 },
      { 'mcp-param-region': 'eu', 'mcp-param-count': '2' },
    ],
    [
      { region: 'eu', dry: true },
      { 'mcp-param-region': 'eu', 'mcp-param-dry': 'TRUE' },
    ],
  ])('%j with %j is refused, and nothing runs', async (args, headers) => {
    expect(await send(args, headers as Record<string, string>)).toEqual({ status: 400, code: -32020, ran: [] });
  });
});
