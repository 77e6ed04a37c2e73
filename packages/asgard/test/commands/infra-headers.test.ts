import { expect, test } from 'vitest';
import { parseKongConfig } from '../../src/infra/kong/parse.ts';
import { run } from '../../src/program.ts';
import { createFakeEffects } from '../infra/fake-effects.ts';
import { createMemoryIo, type MemoryIo, RUNNING } from '../memory-io.ts';

const tools = [
  {
    name: 'stock',
    inputSchema: {
      properties: { region: { type: 'string', 'x-mcp-header': 'Region' }, zone: { 'x-mcp-header': 'zone' } },
    },
  },
  { name: 'evil', inputSchema: { properties: { a: { 'x-mcp-header': 'A\r\nB: c' }, b: { 'x-mcp-header': 7 } } } },
];

function createWorld(config: string | undefined, offered: typeof tools = tools): MemoryIo {
  const disk: Record<string, string> = { ...RUNNING, '/desk/Dockerfile': 'FROM node' };
  if (config !== undefined) disk['/desk/asgard.json'] = config;
  return createMemoryIo({ disk, processes: [77], tools: offered, infra: (own) => createFakeEffects(own) });
}

test('what the tools ask for goes into asgard.json, and from there into kong.yml', async () => {
  const io = createWorld('{ "other": 1, "infra": { "edge": "bifrost", "paramHeaders": ["Zone"] } }');
  expect(await run(['infra', 'headers'], io)).toBe(0);
  expect(io.printed.out).toBe('Mcp-Param-Region\nMcp-Param-Zone\n');
  expect(io.printed.err).toContain('1 added to asgard.json');
  expect(JSON.parse(io.disk.get('/desk/asgard.json') ?? '')).toEqual({
    other: 1,
    infra: { edge: 'bifrost', paramHeaders: ['Region', 'Zone'] },
  });

  io.printed.out = '';
  expect(await run(['infra', 'config', '--file', 'bifrost/kong.yml'], io)).toBe(0);
  const plugins = parseKongConfig(io.printed.out).services.flatMap((service) => service.plugins ?? []);
  const headers = plugins.flatMap((plugin) => (plugin.name === 'cors' ? [plugin.config.headers] : []));
  expect(headers.length).toBeGreaterThan(0);
  for (const list of headers) {
    expect(list).toEqual(expect.arrayContaining(['Authorization', 'Mcp-Param-Region', 'Mcp-Param-Zone']));
  }
});

test('makes asgard.json when there is none, and asks the server that is named', async () => {
  const io = createWorld(undefined);
  const command = ['infra', 'headers', '--url', 'https://mcp.example.com/mcp', '--token', 't', '--json'];
  expect(await run(command, io)).toBe(0);
  expect(io.connections[0]).toMatchObject({ url: 'https://mcp.example.com/mcp', token: 't' });
  expect(JSON.parse(io.printed.out)).toEqual({ ok: true, paramHeaders: ['Region', 'zone'], added: ['Region', 'zone'] });
  expect(io.disk.get('/desk/asgard.json')).toBe(
    `${JSON.stringify({ infra: { paramHeaders: ['Region', 'zone'] } }, undefined, 2)}\n`,
  );
});

test('writes nothing when there is nothing to add', async () => {
  const text = '{"infra":{"paramHeaders":["Region","Zone","Old"]}}';
  const io = createWorld(text);
  expect(await run(['infra', 'headers'], io)).toBe(0);
  expect(io.disk.get('/desk/asgard.json')).toBe(text);
  expect(io.printed.err).toContain('Nothing to add');
  const none = createWorld(undefined, []);
  expect(await run(['infra', 'headers'], none)).toBe(0);
  expect(none.disk.has('/desk/asgard.json')).toBe(false);
});
