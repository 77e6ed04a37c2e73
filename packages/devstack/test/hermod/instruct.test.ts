import { formatHoldBody, formatHoldHeaders, GripError } from '@asgard/grip';
import { expect, test } from 'vitest';
import { type Instruct, isHolding, isInstruct, readInstruct } from '../../src/hermod/instruct.ts';
import type { HeaderList } from '../../src/http/header-list.ts';

const head = (headers: Record<string, string>, status = 200, reason = 'OK') => ({
  status,
  reason,
  headers: Object.entries(headers) as HeaderList,
});
const read = (headers: Record<string, string>, body = '', status = 200): Instruct =>
  readInstruct(head(headers, status), Buffer.from(body));

test('knows a response that speaks to the proxy', () => {
  expect(isInstruct(head({ 'Grip-Hold': 'stream' }))).toBe(true);
  expect(isInstruct(head({ 'grip-anything': 'x' }))).toBe(true);
  expect(isInstruct(head({ 'content-type': 'application/grip-instruct; charset=utf-8' }))).toBe(true);
  expect(isInstruct(head({ 'content-type': 'text/event-stream', 'x-grip': '1' }))).toBe(false);
});

test('fills in the defaults of Pushpin', () => {
  const instruct = read({ 'grip-hold': 'stream', 'grip-channel': 'c', 'grip-link': '</n>; rel=next' });
  expect(instruct).toMatchObject({ mode: 'stream', timeoutSeconds: 55, next: { uri: '/n', timeoutSeconds: 120 } });
  expect(read({ 'grip-hold': 'response', 'grip-channel': 'c', 'grip-timeout': '1' }).timeoutSeconds).toBe(5);
});

test('reads what @asgard/grip writes', () => {
  const instruct = read(
    formatHoldHeaders({
      mode: 'stream',
      channels: [{ name: 'c', prevId: '0', filters: ['var-subst'] }],
      keepAlive: { data: ':\n\n', mode: 'interval', timeoutSeconds: 20 },
      next: { uri: '/n', timeoutSeconds: 30 },
      gone: { uri: '/g' },
      meta: { sub: '"a"' },
      status: { code: 202, reason: 'Held' },
      exposeHeaders: ['x-one'],
    }),
    ':open',
  );
  expect(instruct).toMatchObject({
    channels: [{ name: 'c', prevId: '0', filters: ['var-subst'] }],
    keepAlive: { data: ':\n\n', mode: 'interval', timeoutSeconds: 20 },
    next: { uri: '/n', timeoutSeconds: 30 },
    gone: '/g',
    meta: { sub: '"a"' },
    response: { status: 202, reason: 'Held' },
  });
  expect(Buffer.from(instruct.response.body).toString()).toBe(':open');
});

test('the client sees neither GRIP nor hop-by-hop fields nor the length; exposed fields only, if any are named', () => {
  const headers = {
    'Grip-Hold': 'stream',
    'Grip-Channel': 'c',
    'Content-Length': '5',
    Connection: 'close',
    'X-A': '1',
    'X-B': '2',
  };
  expect(read(headers).response.headers).toEqual([
    ['X-A', '1'],
    ['X-B', '2'],
  ]);
  expect(read({ ...headers, 'grip-expose-headers': 'x-b' }).response.headers).toEqual([['X-B', '2']]);
});

test('the body form carries its own answer', () => {
  const { headers, body } = formatHoldBody(
    { mode: 'response', channels: [{ name: 'c' }], timeoutSeconds: 30, status: { code: 201 } },
    { headers: { 'x-one': '1' }, body: 'later' },
  );
  const instruct = read(headers, body);
  expect(instruct).toMatchObject({
    mode: 'response',
    timeoutSeconds: 30,
    response: { status: 201, reason: 'Created' },
  });
  expect(instruct.response.headers).toEqual([['x-one', '1']]);
  expect(() => read(headers, body, 500)).toThrow('status 200');
});

test('without hold: a link leads on, anything else is answered', () => {
  expect(isHolding(read({ 'grip-link': '</n>; rel=next' }))).toBe(true);
  const status = read({ 'grip-status': '404 Gone Fishing' });
  expect([isHolding(status), status.response.status, status.response.reason]).toEqual([false, 404, 'Gone Fishing']);
});

test.each([
  { 'grip-hold': 'sideways' },
  { 'grip-hold': 'stream', 'grip-keep-alive': 'x; mode=never' },
  { 'grip-hold': 'stream', 'grip-link': 'no brackets; rel=next' },
  { 'content-type': 'application/grip-instruct' },
])('refuses %j', (headers) => {
  expect(() => read(headers as unknown as Record<string, string>)).toThrow(GripError);
});
