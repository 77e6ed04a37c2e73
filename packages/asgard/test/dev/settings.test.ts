import { expect, test } from 'vitest';
import { developmentSettings } from '../../src/dev/settings.ts';

test('takes the rules of asgard.json, but neither its public name nor its realm', () => {
  const infra = {
    ...{
      edge: 'bifrost',
      mcpPath: '/api/mcp',
      tools: { admin: { deny: true } },
      corsOrigins: ['https://app.example.com'],
    },
    ...{ publicUrl: 'https://mcp.example.com', realm: 'valhalla', server: 'container' },
  };
  expect(developmentSettings(JSON.stringify({ template: 'minimal', infra }))).toMatchObject({
    edge: 'bifrost',
    mcpPath: '/api/mcp',
    tools: [{ tool: 'admin', deny: true }],
    corsOrigins: ['https://app.example.com'],
    publicUrl: 'http://localhost',
    realm: 'asgard',
  });
});

test('without a file they are the usual ones', () => {
  expect(developmentSettings()).toMatchObject({ edge: 'hermod', mcpPath: '/mcp', tools: [] });
});

test('a mistake is refused with its name', () => {
  expect(() => developmentSettings('{"infra":{"edge":"loki"}}')).toThrow(
    expect.objectContaining({ code: 'bad_settings', message: expect.stringContaining('infra.edge') }),
  );
});
