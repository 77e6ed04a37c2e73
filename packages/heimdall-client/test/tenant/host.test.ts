import { expect, test } from 'vitest';
import { parseHost } from '../../src/tenant/host.ts';

test.each([
  ['mcp.acme.example', 'mcp.acme.example'],
  ['MCP.Acme.Example:8443', 'mcp.acme.example'],
  ['acme.example.', 'acme.example'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['localhost:7999', 'localhost'],
  ['127.0.0.1', '127.0.0.1'],
  ['[::1]:80', '[::1]'],
])('%s is %s', (value, host) => {
  expect(parseHost(value)).toBe(host);
});

test.each([
  ...[
    '',
    '.',
    ':80',
    'a b',
    'a.example/x',
    'a.example\\x',
    'evil.example@acme.example',
    'a.example?x',
    'a.example#x',
    'a%2eexample',
  ],
  ...['a.example, b.example', 'a.example:x', 'a.example:99999', '[::1', `${'a'.repeat(300)}.example`, 'a.example\n'],
])('%j is no host', (value) => {
  expect(parseHost(value)).toBeUndefined();
});
