import { expect, test } from 'vitest';
import { parseExchange } from '../../src/dev/exchange.ts';

test('keeps the known fields and drops the rest', () => {
  expect(
    parseExchange({
      method: 'tools/call',
      target: 'a',
      status: 200,
      durationMs: 1,
      reply: 'held',
      errorCode: -32602,
      toolError: true,
      more: 1,
    }),
  ).toEqual({
    method: 'tools/call',
    target: 'a',
    status: 200,
    durationMs: 1,
    reply: 'held',
    errorCode: -32602,
    toolError: true,
  });
});

test.each([undefined, null, 'text', {}, { method: 'x', status: '200', durationMs: 1 }])('%j is none', (value) => {
  expect(parseExchange(value)).toBeUndefined();
});
