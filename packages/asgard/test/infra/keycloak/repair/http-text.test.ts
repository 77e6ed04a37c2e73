import { expect, test } from 'vitest';
import { formatHttpRequest, parseHttpAnswer } from '../../../../src/infra/keycloak/repair/http-text.ts';

test('a request has the length of its body in bytes, and asks for the end of the connection', () => {
  const text = formatHttpRequest({ method: 'PUT', path: '/x?y=1', headers: { 'content-type': 'a/b' }, body: 'ä' });
  expect(text).toMatch(/^PUT \/x\?y=1 HTTP\/1\.0\r\n/);
  expect(text).toContain('\r\nconnection: close\r\n');
  expect(text).toMatch(/\r\ncontent-length: 2\r\n\r\nä$/);
});

test('an answer, with the last line end or without', () => {
  expect(parseHttpAnswer('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}')).toEqual({
    status: 200,
    headers: { 'content-length': '2' },
    body: '{}',
  });
  expect(parseHttpAnswer('HTTP/1.0 201 Created\r\nLocation: http://a/b\r\n')).toMatchObject({
    status: 201,
    headers: { location: 'http://a/b' },
    body: '',
  });
});

test.each([
  ['nothing', ''],
  ['something else', 'bash: connect: Connection refused'],
  ['cut off', 'HTTP/1.0 200 OK\r\ncontent-length: 50\r\n\r\n{"a":'],
  ['in pieces', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}'],
])('no whole answer: %s', (_, text) => {
  expect(parseHttpAnswer(text)).toBeUndefined();
});
