import {
  InsufficientScopeError,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { explain } from '../../src/client/explain.ts';

const attempt = { url: 'http://h/mcp', token: 't', signal: new AbortController().signal, what: 'call' } as const;
const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });

function gateway(status: number, text: string): SdkHttpError {
  return new SdkHttpError(SdkErrorCode.ClientHttpNotImplemented, text, { status, text });
}

test.each([
  ['timed_out', new SdkError(SdkErrorCode.RequestTimeout, 'late'), 'No answer in time from http://h/mcp.'],
  ['call_failed', new ProtocolError(-32602, 'Tool stok not found'), 'Tool stok not found (-32602)'],
  [
    'call_failed',
    new ProtocolError(-32021, 'Missing required client capability for elicitation/create'),
    'elicitation/create (-32021). The command line cannot answer what a tool asks: the console page',
  ],
  ['connect_failed', new TypeError('fetch failed', { cause: refused }), 'Nothing answers at http://h/mcp.'],
  ['connect_failed', new TypeError('fetch failed', { cause: new AggregateError([refused]) }), 'Nothing answers at'],
  [
    'connect_failed',
    new UnauthorizedError(),
    'http://h/mcp refuses the token (401). Pass --token or set ASGARD_TOKEN.',
  ],
  [
    'call_failed',
    gateway(429, '{"message":"API rate limit exceeded","request_id":"1"}'),
    'API rate limit exceeded (429)',
  ],
  ['call_failed', gateway(403, '{"id":null,"error":{"code":-32003,"message":"Not this one"}}'), ': Not this one (403)'],
  ['call_failed', gateway(502, '<html>'), 'http://h/mcp: <html>'],
  [
    'connect_failed',
    new Error('probe failed', {
      cause: new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND h') }),
    }),
    'http://h/mcp cannot be reached: getaddrinfo ENOTFOUND h',
  ],
  ['call_failed', new Error('odd'), 'http://h/mcp: odd'],
  ['call_failed', new Error('probe', { cause: new Error('bad port') }), 'http://h/mcp: probe (bad port)'],
  ['call_failed', 'text', 'http://h/mcp: text'],
])('%s: %s', (code, error, message) => {
  expect(explain(error, attempt)).toMatchObject({ code, message: expect.stringContaining(message), cause: error });
});

test('a token that lacks scopes, wherever in the chain of causes it is said', () => {
  const cause = new InsufficientScopeError({ requiredScope: 'mcp:admin mcp:read \u001b[31mred' });
  expect(explain(new Error('probe', { cause }), attempt)).toMatchObject({
    code: 'scope_missing',
    scopes: ['mcp:admin', 'mcp:read'],
    message: 'http://h/mcp wants the scope mcp:admin mcp:read, which the token does not have (403).',
  });
  expect(explain(new InsufficientScopeError({}), attempt).message).toContain('wants more scopes');
});

test('a path where no server is', () => {
  const { message } = explain(gateway(404, '{"message":"no Route matched"}'), { ...attempt, what: 'connect' });
  expect(message).toBe('http://h/mcp: no Route matched (404). Is the path right? Most endpoints end in /mcp.');
  const down = explain(gateway(502, '{"message":"An invalid response"}'), { ...attempt, what: 'connect' });
  expect(down.message).toContain('An invalid response (502). The server behind it does not answer');
});

test('a server that asks for a token', () => {
  const error = new Error('Version negotiation failed: the server requires authorization (HTTP 401)');
  const { message } = explain(error, { ...attempt, token: undefined, what: 'connect' });
  expect(message).toBe('http://h/mcp asks for a token (401). Pass --token or set ASGARD_TOKEN.');
});

test('an interrupted call is cancelled, whatever the error', () => {
  expect(explain(new Error('x'), { ...attempt, signal: AbortSignal.abort() })).toMatchObject({
    code: 'cancelled',
    exitCode: 130,
  });
});
