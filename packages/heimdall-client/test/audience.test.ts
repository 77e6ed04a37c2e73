import { expect, test } from 'vitest';
import { canonicalAudience, isAudienceAccepted } from '../src/audience.ts';

test.each([
  ['https://odin.example/mcp', 'https://odin.example/mcp'],
  ['HTTPS://Odin.Example/MCP', 'https://odin.example/MCP'],
  ['https://odin.example:443/mcp', 'https://odin.example/mcp'],
  ['http://localhost:80', 'http://localhost'],
  ['http://localhost:7999/mcp', 'http://localhost:7999/mcp'],
  ['https://odin.example/', 'https://odin.example'],
  ['https://odin.example/mcp/', 'https://odin.example/mcp/'],
  ['https://odin.example?tenant=A', 'https://odin.example?tenant=A'],
  ['http://[::1]:80/mcp', 'http://[::1]/mcp'],
  ['odin', 'odin'],
  ['urn:example:Odin', 'urn:example:Odin'],
  ['https://odin.example\\@evil.example/mcp', 'https://odin.example\\@evil.example/mcp'],
  ['https://evil@odin.example/mcp', 'https://evil@odin.example/mcp'],
  ['https://odin.example/mcp#part', 'https://odin.example/mcp#part'],
  ['https://odin.example:443x/mcp', 'https://odin.example:443x/mcp'],
])('%s', (audience, expected) => {
  expect(canonicalAudience(audience)).toBe(expected);
});

const accepted = new Set(['https://odin.example/mcp', 'odin']);

test.each(['https://odin.example/mcp', 'HTTPS://ODIN.example/mcp', ['account', 'odin']])('accepts %j', (aud) => {
  expect(isAudienceAccepted(aud, accepted)).toBe(true);
});

test.each([
  undefined,
  null,
  '',
  [],
  7,
  {},
  'https://odin.example/mcp/',
  'https://odin.example/mcp?x',
  'https://odin.example/MCP',
  'https://odin.example.evil.example/mcp',
  ['account', ['odin']],
  { 0: 'odin' },
  'odin ',
])('refuses %j', (aud) => {
  expect(isAudienceAccepted(aud, accepted)).toBe(false);
});
