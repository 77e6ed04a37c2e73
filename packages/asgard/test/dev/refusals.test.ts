import { expect, test } from 'vitest';
import { createRefusalFilter, type Refusal } from '../../src/dev/refusals.ts';

test('tells of requests without a token and without a server, and of no others', () => {
  const refusals: Refusal[] = [];
  const filter = createRefusalFilter('/mcp', (refusal) => refusals.push(refusal));
  const pass = (requestId: string, path: string, status: number): void => {
    filter({ source: 'bifrost', type: 'request', requestId, method: 'POST', path });
    filter({ source: 'hermod', type: 'response', requestId, status, durationMs: 9 });
    filter({ source: 'bifrost', type: 'response', requestId, status, durationMs: 2 });
  };
  pass('1', '/mcp', 401);
  pass('2', '/mcp', 200);
  pass('3', '/mcp?x=1', 502);
  pass('4', '/heimdall/token', 401);
  pass('5', '/mcp', 405);
  filter({ source: 'bifrost', type: 'response', requestId: 'unknown', status: 401, durationMs: 1 });
  expect(refusals).toEqual([
    { method: 'POST', path: '/mcp', status: 401, durationMs: 2 },
    { method: 'POST', path: '/mcp?x=1', status: 502, durationMs: 2 },
  ]);
});
