import { expect, test } from 'vitest';
import { createCookieJar } from '../../src/heimdall/cookie-jar.ts';

const at = (path: string, host = 'localhost:7999') => new URL(`http://${host}${path}`);

function jarWith(...lines: string[]) {
  const jar = createCookieJar();
  jar.store(at('/login/1'), new Headers(lines.map((line) => ['set-cookie', line])));
  return jar;
}

test('sends a cookie to its path and below', () => {
  const jar = jarWith('a=1; path=/login/1; HttpOnly', 'b=x=y; Path=/');
  expect(jar.headerFor(at('/login/1'))).toBe('a=1; b=x=y');
  expect(jar.headerFor(at('/login/1/2'))).toBe('a=1; b=x=y');
  expect(jar.headerFor(at('/login/12'))).toBe('b=x=y');
});

test('sends nothing to another host or port', () => {
  const jar = jarWith('a=1; path=/');
  expect(jar.headerFor(at('/', 'localhost:8000'))).toBeUndefined();
  expect(jar.headerFor(at('/', 'evil.example'))).toBeUndefined();
});

test('replaces and deletes', () => {
  const jar = jarWith('a=1; path=/', 'a=2; path=/', 'b=1; path=/', 'c=1; path=/');
  jar.store(
    at('/'),
    new Headers([
      ['set-cookie', 'b=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT'],
      ['set-cookie', 'c=; path=/; max-age=0'],
    ]),
  );
  expect(jar.headerFor(at('/'))).toBe('a=2');
});
