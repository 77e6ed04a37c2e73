import { base64url } from 'jose';
import { expect, test } from 'vitest';
import { isSigned, MAX_TOKEN_LENGTH, parseCompact, parsePart, verifyBearer, verifyLength } from '../src/compact.ts';

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

test.each([
  ['a signed JWT', `${part('{}')}.${part('{}')}.c2ln`, true],
  ['one without its signature', `${part('{"alg":"RS256"}')}.${part('{}')}.`, true],
  ['one without its claims', `${part('{"alg":"RS256"}')}..c2ln`, true],
  ['one with a padded signature', `${part('{"alg":"RS256"}')}.${part('{}')}.c2ln==`, true],
  ['an encrypted JWT', `${part('{"alg":"RSA-OAEP"}')}.a.b.c.d`, false],
  ['an opaque token', 'cc8a7f', false],
  ['an opaque token of two parts', 'ya29.a0AfB', false],
  ['an opaque token that begins so', 'eyJvcGFxdWU', false],
])('%s is a signed JWT or the rest of one: %s, %s', (_name, token, expected) => {
  expect(isSigned(token)).toBe(expected);
});

test('a bearer token has certain characters only', () => {
  for (const token of ['a', 'A-z0.9_~+/', 'AA==']) expect(verifyBearer(token)).toBeUndefined();
  for (const token of ['', 'a b', 'a\n', '=', 'a=b', 'ä', '{}', 'a%00']) {
    expect(() => verifyBearer(token), token).toThrow(expect.objectContaining({ code: 'token_malformed' }));
  }
});
