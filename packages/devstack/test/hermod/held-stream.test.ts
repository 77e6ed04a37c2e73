import type { ItemFormat, PublishItem } from '@asgard/grip';
import { expect, test } from 'vitest';
import { createChannels } from '../../src/hermod/channels.ts';
import type { HermodEvent } from '../../src/hermod/event.ts';
import { HeldStream } from '../../src/hermod/held-stream.ts';
import { readInstruct } from '../../src/hermod/instruct.ts';
import type { Follow, FollowHandler } from '../../src/hermod/link-follower.ts';
import { createFakeClock } from './fake-clock.ts';
import { FakeResponse } from './fake-response.ts';

const LINK = '</next>; rel=next; timeout=30';

function setup(headers: Record<string, string>, body = '') {
  const clock = createFakeClock();
  const response = new FakeResponse();
  const events: HermodEvent[] = [];
  const channels = createChannels({ clock, onSubscribe: () => undefined, onUnsubscribe: () => undefined });
  const follows: { request: Follow; handler: FollowHandler }[] = [];
  const moves: string[] = [];
  const lastIds = new Map<string, string>();
  const stream = new HeldStream({
    id: '1',
    response: response.asResponse(),
    url: new URL('http://public.example/mcp'),
    instruct: readInstruct({ status: 200, reason: 'OK', headers: Object.entries(headers) }, Buffer.from(body)),
    follower: {
      follow: (request, handler) => follows.push({ request, handler }),
      pause: () => moves.push('pause'),
      resume: () => moves.push('resume'),
      cancel: () => moves.push('cancel'),
    },
    channels,
    sequence: { lastId: (channel) => lastIds.get(channel), forget: (channel) => lastIds.delete(channel) },
    clock,
    emit: (event) => events.push(event),
  });
  const publish = (format: ItemFormat, more: Partial<PublishItem> = {}): void => {
    for (const holder of channels.holders('c', 'stream')) holder.deliver({ channel: 'c', format, ...more });
  };
  const send = (content: string, more?: Partial<PublishItem>): void => publish({ kind: 'http-stream', content }, more);
  const answer = (hold: Record<string, string>, content = ''): void => {
    const handler = follows.at(-1)?.handler;
    handler?.head({ status: 200, reason: 'OK', headers: Object.entries(hold) });
    if (content) handler?.data(Buffer.from(content));
    handler?.end();
  };
  return { clock, response, events, channels, follows, moves, lastIds, stream, publish, send, answer };
}

const hold = (channel = 'c', link?: string): Record<string, string> => ({
  'grip-hold': 'stream',
  'grip-channel': channel,
  ...(link ? { 'grip-link': link } : {}),
});

test('writes head and body, then items, then the end', () => {
  const { response, stream, send, publish, events } = setup(hold(), 'open.');
  stream.start();
  send('one.');
  publish({ kind: 'http-stream', action: 'close' });
  expect(response).toMatchObject({ body: 'open.one.', ended: true, head: { status: 200, reason: 'OK' } });
  expect(events).toEqual([{ type: 'released', id: '1', cause: 'close' }]);
});

test('after the end nothing is held and no timer waits', () => {
  const { clock, stream, channels, moves } = setup({ ...hold('c', LINK), 'grip-keep-alive': 'x; timeout=5' });
  stream.start();
  stream.stop();
  expect([channels.names(), clock.pending, moves]).toEqual([[], 0, ['cancel']]);
});

test('a client that does not read gets what fits into the queue; the rest is dropped and told', () => {
  const { response, stream, send, events } = setup(hold());
  stream.start();
  response.full = true;
  for (let n = 1; n <= 102; n += 1) send(`${n},`);
  expect(response.body).toBe('');
  expect(events.map(({ type }) => type)).toEqual(['dropped', 'dropped']);
  response.drain();
  expect(response.body).toBe(Array.from({ length: 100 }, (_, index) => `${index + 1},`).join(''));
});

test('keep-alive is not written to a client that does not read', () => {
  const { clock, response, stream } = setup({ ...hold(), 'grip-keep-alive': 'x; timeout=5' });
  stream.start();
  response.full = true;
  clock.advance(10_000);
  response.drain();
  clock.advance(5000);
  expect(response.body).toBe('x');
});

test('asks the link when the time is up; every item on all channels sets it back', () => {
  const { clock, follows, stream, send, answer } = setup(hold('c, d', LINK));
  stream.start();
  clock.advance(1100);
  expect(follows.length).toBe(1);
  answer(hold('c', LINK));
  clock.advance(29_000);
  send('x');
  clock.advance(30_099);
  expect(follows.length).toBe(1);
  clock.advance(1);
  expect(follows.length).toBe(2);
});

test('one busy channel of two does not set the time back', () => {
  const { clock, follows, stream, send, answer } = setup(hold('c, d', LINK));
  stream.start();
  clock.advance(1100);
  answer(hold('c, d', LINK));
  clock.advance(29_000);
  send('x');
  clock.advance(1100);
  expect(follows.length).toBe(2);
});

test('tells the link what the client has, and takes over its answer', () => {
  const { response, follows, stream, send, answer, publish } = setup(hold('c; prev-id=0', LINK), '0');
  stream.start();
  send('1', { id: '1', prevId: '0' });
  publish({ kind: 'http-stream', action: 'hint' }, { id: '2', prevId: '1' });
  expect(follows[0]?.request.last).toEqual([{ channel: 'c', lastId: '2' }]);
  expect(follows[0]?.request.url.href).toBe('http://public.example/next');
  answer(hold('c; prev-id=3', '<more>; rel=next'), '23');
  send('4', { id: '4', prevId: '3' });
  publish({ kind: 'http-stream', action: 'hint' }, { id: '5', prevId: '4' });
  expect(follows[1]?.request.url.href).toBe('http://public.example/more');
  expect(response.body).toBe('01234');
});

test('an item out of the chain empties the queue and asks the link', () => {
  const { clock, follows, response, stream, send, answer } = setup(hold('c; prev-id=0', LINK));
  stream.start();
  send('2', { id: '2', prevId: '1' });
  clock.advance(100);
  expect(follows.length).toBe(1);
  send('2', { id: '2', prevId: '1' });
  send('3', { id: '3', prevId: '2' });
  answer(hold('c; prev-id=2', LINK), '12');
  expect(response.body).toBe('123');
});

test('a hold that starts behind what was published asks', () => {
  const { clock, follows, lastIds, stream } = setup(hold('c; prev-id=0', LINK));
  lastIds.set('c', '5');
  stream.start();
  clock.advance(100);
  expect(follows.length).toBe(1);
  expect(lastIds.size).toBe(0);
});

test('a check during a link is made after it', () => {
  const { clock, follows, stream, publish, answer } = setup(hold('c', LINK));
  stream.start();
  publish({ kind: 'http-stream', action: 'hint' });
  clock.advance(1000);
  expect(follows.length).toBe(1);
  answer(hold('c', LINK));
  clock.advance(100);
  expect(follows.length).toBe(2);
  answer(hold('c', LINK));
  clock.advance(100);
  expect(follows.length).toBe(2);
});

test('items wait for 100 ms before a check, and a hint does not', () => {
  const { clock, response, follows, stream, send, publish } = setup(hold('c', LINK));
  stream.start();
  clock.advance(1000);
  send('x');
  clock.advance(99);
  expect([response.body, follows.length]).toEqual(['', 0]);
  clock.advance(1);
  expect(follows.length).toBe(1);
  follows[0]?.handler.head({ status: 200, reason: 'OK', headers: Object.entries(hold('c', LINK)) });
  follows[0]?.handler.end();
  expect(response.body).toBe('x');
  publish({ kind: 'http-stream', action: 'hint' });
  expect(follows.length).toBe(2);
});

test('a link without hold or further link ends the stream', () => {
  const { response, events, stream, publish, answer } = setup(hold('c', LINK));
  stream.start();
  publish({ kind: 'http-stream', action: 'hint' });
  answer({}, 'bye');
  expect(response).toMatchObject({ body: 'bye', ended: true });
  expect(events.at(-1)).toMatchObject({ type: 'released', cause: 'link' });
});

test('a link that fails for good ends the stream', () => {
  const { response, events, follows, stream, publish } = setup(hold('c', LINK));
  stream.start();
  publish({ kind: 'http-stream', action: 'hint' });
  follows[0]?.handler.failed('503');
  expect(response.ended).toBe(true);
  expect(events.at(-1)).toMatchObject({ type: 'released', cause: 'error', detail: '503' });
});

test('a link may not turn the stream into a held response, or lead to another protocol', () => {
  for (const bad of [{ 'grip-hold': 'response' }, { 'grip-link': '<ftp://x/y>; rel=next' }]) {
    const { follows, stream, publish } = setup(hold('c', LINK));
    stream.start();
    publish({ kind: 'http-stream', action: 'hint' });
    expect(() => follows[0]?.handler.head({ status: 200, reason: '', headers: Object.entries(bad) })).toThrow();
  }
});

test('the answer of a link waits for a client that does not read', () => {
  const { moves, follows, response, stream, publish } = setup(hold('c', LINK));
  stream.start();
  publish({ kind: 'http-stream', action: 'hint' });
  response.full = true;
  follows[0]?.handler.data(Buffer.from('x'));
  response.drain();
  expect(moves).toEqual(['pause', 'resume']);
});

test('without a hold the link is asked at once', () => {
  const { follows, response, stream, answer } = setup({ 'grip-link': '</next>; rel=next' }, 'one.');
  stream.start();
  expect(response.body).toBe('one.');
  answer({ 'grip-link': '<third>; rel=next' }, 'two.');
  answer({}, 'three.');
  expect(follows.map(({ request }) => request.url.pathname)).toEqual(['/next', '/third']);
  expect(response).toMatchObject({ body: 'one.two.three.', ended: true });
});

test('prev-id without link, a lone percent sign, and 304 end the stream with a reason', () => {
  const cases: [Record<string, string>, string][] = [
    [hold('c; prev-id=0'), 'next link'],
    [{ ...hold('c; filter=var-subst'), 'grip-set-meta': 'a="b"' }, 'directive'],
    [{ ...hold(), 'grip-status': '304' }, '304'],
  ];
  for (const [headers, reason] of cases) {
    const { response, events, stream, send } = setup(headers);
    stream.start();
    send('100% ');
    expect(response.ended).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'released', cause: 'error', detail: expect.stringContaining(reason) });
  }
});

test('an item that asks for other content filters is dropped and told', () => {
  const { response, events, stream, send } = setup(hold());
  stream.start();
  send('x', { contentFilters: ['var-subst'] });
  expect([response.body, events.at(-1)?.type]).toEqual(['', 'dropped']);
});
