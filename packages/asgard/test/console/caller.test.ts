import { expect, test } from 'vitest';
import { readCaller } from '../../src/console/caller.ts';

function bearer(claims: unknown): string {
  return `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
}

test('names the method, the tool, the client and the user, and not the token', () => {
  const caller = readCaller({
    ...{ 'mcp-method': 'tools/call', 'mcp-name': 'forge', 'user-agent': 'node' },
    authorization: bearer({ preferred_username: 'freya', sub: '1' }),
  });
  expect(caller).toEqual({ method: 'tools/call', target: 'forge', client: 'node', who: 'freya' });
});

test('a name that no header can carry is decoded', () => {
  expect(readCaller({ 'mcp-name': `=?base64?${Buffer.from('Öl').toString('base64')}?=` })).toEqual({ target: 'Öl' });
});

test.each([
  ['without a user name', bearer({ sub: 'abc' }), { who: 'abc' }],
  ['without a name', bearer({}), {}],
  ['that is no object', bearer([1]), {}],
  ['that is opaque', 'Bearer abc', {}],
  ['that is broken', 'Bearer a.%.b', {}],
  ['that is no JSON', `Bearer a.${Buffer.from('{').toString('base64url')}.b`, {}],
  ['of another kind', 'Basic abc', {}],
])('a token %s', (_, authorization, caller) => {
  expect(readCaller({ authorization })).toEqual(caller);
});
