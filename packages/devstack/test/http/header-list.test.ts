import { expect, test } from 'vitest';
import {
  formatRawHeaders,
  type HeaderList,
  headerValue,
  parseRawHeaders,
  withHeaders,
  withoutHopByHop,
} from '../../src/http/header-list.ts';

const headers: HeaderList = [
  ['Set-Cookie', 'a=1'],
  ['X-One', '1'],
  ['set-cookie', 'b=2'],
];

test('raw form and back, bytes as latin1', () => {
  expect(parseRawHeaders(formatRawHeaders(headers))).toEqual(headers);
  expect(parseRawHeaders([Buffer.from('x-a'), Buffer.from([0xe4])])).toEqual([['x-a', 'ä']]);
});

test('finds the first value whatever the case', () => {
  expect(headerValue(headers, 'set-cookie')).toBe('a=1');
  expect(headerValue(headers, 'x-two')).toBeUndefined();
});

test('replaces every occurrence and removes what is undefined', () => {
  expect(withHeaders(headers, { 'SET-cookie': 'c=3', 'x-one': undefined, 'x-two': '2' })).toEqual([
    ['SET-cookie', 'c=3'],
    ['x-two', '2'],
  ]);
});

test('drops hop-by-hop fields and those that Connection names', () => {
  const received: HeaderList = [
    ['Connection', 'keep-alive, X-Private'],
    ['Keep-Alive', 'timeout=5'],
    ['Transfer-Encoding', 'chunked'],
    ['x-private', 'secret'],
    ['Host', 'h'],
  ];
  expect(withoutHopByHop(received)).toEqual([['Host', 'h']]);
});
