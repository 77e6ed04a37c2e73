import { base64url } from 'jose';
import { expect, test } from 'vitest';
import { MAX_TOKEN_LENGTH, parseCompact, parsePart, verifyLength } from '../src/compact.ts';

const part = (text: string) => base64url.encode(text);

test('reads header and claims, also beyond ASCII', () => {
  const token = `${part('{"alg":"ES256"}')}.${part('{"sub":"Þórr","n":1}')}.c2ln`;
  expect(parseCompact(token)).toEqual({ header: { alg: 'ES256' }, claims: { sub: 'Þórr', n: 1 } });
});

test.each([
  ['opaque', 'cc8a7f'],
  ['two parts', `${part('{}')}.${part('{}')}`],
  ['an unsigned JWT', `${part('{"alg":"none"}')}.${part('{}')}.`],
  ['an encrypted JWT', 'a.b.c.d.e'],
  ['standard base64', `${part('{}')}.a+b/.c2ln`],
  ['a space', `${part('{}')}.${part('{}')}.c2 ln`],
  ['a line break at the end', `${part('{}')}.${part('{}')}.c2ln\n`],
  ['a header that is not JSON', `${part('{')}.${part('{}')}.c2ln`],
  ['claims that are an array', `${part('{}')}.${part('[]')}.c2ln`],
  ['claims that are null', `${part('{}')}.${part('null')}.c2ln`],
  ['claims that are not UTF-8', `${part('{}')}.${base64url.encode(new Uint8Array([123, 255, 125]))}.c2ln`],
  ['an impossible base64 length', `a.${part('{}')}.c2ln`],
])('refuses %s', (_name, token) => {
  expect(() => parseCompact(token)).toThrow(expect.objectContaining({ code: 'token_malformed', status: 401 }));
});

test('reads bytes as well', () => {
  expect(parsePart(new TextEncoder().encode('{"a":[1]}'))).toEqual({ a: [1] });
});

test('bounds the length before anything else', () => {
  expect(() => verifyLength('')).toThrow(expect.objectContaining({ code: 'token_missing' }));
  expect(() => verifyLength('a'.repeat(MAX_TOKEN_LENGTH + 1))).toThrow(
    expect.objectContaining({ code: 'token_malformed' }),
  );
  expect(verifyLength('a'.repeat(MAX_TOKEN_LENGTH))).toBeUndefined();
});
