import { expect, test } from 'vitest';
import { portAdvice } from '../../src/infra/ports.ts';
import { originsOf, resolveSettings, type SettingSources } from '../../src/infra/resolve-settings.ts';
import { mcpUrlOf } from '../../src/infra/settings.ts';

const sources = (infra: object, env: Record<string, string> = {}): SettingSources => ({
  ...{ name: 'forge', config: JSON.stringify({ infra }), flags: {}, hasDockerfile: true, env },
});
const advice = (given: SettingSources): string =>
  portAdvice({ settings: resolveSettings(given), origins: originsOf(given) }, 8001);

test('another port is enough where the public name follows it', () => {
  expect(advice(sources({}))).toBe('asgard infra up --port 8001');
  expect(mcpUrlOf(resolveSettings({ ...sources({}), flags: { port: 8001 } }))).toBe('http://localhost:8001/mcp');
});

test('a name with the old port in it is to be changed first', () => {
  expect(advice(sources({ publicUrl: 'http://localhost:7999' }))).toBe(
    'set infra.publicUrl in asgard.json to http://localhost:8001, then asgard infra up --port 8001',
  );
  expect(advice(sources({}, { ASGARD_PUBLIC_URL: 'http://127.0.0.1:7999' }))).toBe(
    'set ASGARD_PUBLIC_URL to http://127.0.0.1:8001, then asgard infra up --port 8001',
  );
});

test('a public name is that of another server, which the new port does not change', () => {
  expect(advice(sources({ publicUrl: 'https://mcp.example.com' }))).toBe('asgard infra up --port 8001');
});

test('a port of the environment would come back', () => {
  expect(advice(sources({}, { ASGARD_PORT: '7999' }))).toBe('unset ASGARD_PORT, then asgard infra up --port 8001');
});
