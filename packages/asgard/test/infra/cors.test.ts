import { expect, test } from 'vitest';
import { collectParamHeaders, corsHeadersOf } from '../../src/infra/cors.ts';

test('without known headers of tools, a browser may send what it asks for', () => {
  expect(corsHeadersOf({ paramHeaders: [] })).toBeUndefined();
  expect(corsHeadersOf({ paramHeaders: ['Region'] })).toEqual(
    expect.arrayContaining(['Authorization', 'Mcp-Method', 'Mcp-Param-Region']),
  );
});

test('the headers of tools are found anywhere in their schemas', () => {
  const nested = {
    type: 'object',
    properties: { a: { 'x-mcp-header': 'Region' }, b: { properties: { c: { 'x-mcp-header': 'Zone' } } } },
  };
  expect(collectParamHeaders([{ inputSchema: nested }, {}, { inputSchema: { 'x-mcp-header': 'Region' } }])).toEqual([
    'Region',
    'Zone',
  ]);
});
