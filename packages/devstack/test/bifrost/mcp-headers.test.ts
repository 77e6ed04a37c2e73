import { expect, test } from 'vitest';
import { hasMcpHeaders } from '../../src/bifrost/mcp-headers.ts';

const version = { 'mcp-protocol-version': '2026-07-28' };

test.each([
  ['POST', { ...version }, false],
  ['POST', { ...version, 'mcp-method': 'tools/call' }, false],
  ['POST', { ...version, 'mcp-method': 'tools/call', 'mcp-name': 'x' }, true],
  ['POST', { ...version, 'mcp-method': 'tools/list' }, true],
  ['POST', { 'mcp-protocol-version': '2025-11-25' }, true],
  ['POST', {}, true],
  ['GET', { ...version }, true],
])('%s %j: %j', (method, headers, enough) => {
  expect(hasMcpHeaders(method, headers)).toBe(enough);
});
