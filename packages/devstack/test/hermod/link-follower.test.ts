import { expect, test } from 'vitest';
import type { HermodEvent } from '../../src/hermod/event.ts';
import { createLinkFollower } from '../../src/hermod/link-follower.ts';
import type { UpstreamReceiver } from '../../src/http/upstream.ts';
import { createFakeClock } from './fake-clock.ts';

function setup({ random = 0 } = {}) {
  const clock = createFakeClock({ random });
  const asked: UpstreamReceiver[] = [];
  const aborted: string[] = [];
  const events: HermodEvent[] = [];
  const got: string[] = [];
  const follower = createLinkFollower({
    id: '1',
    clock,
    emit: (event) => events.push(event),
    links: {
      ask(_request, receiver) {
        asked.push(receiver);
        return {
          pause: () => undefined,
          resume: () => undefined,
          // As undici does: giving up is reported as an error, at once.
          abort(reason) {
            aborted.push(reason.message);
            receiver.error(reason);
          },
        };
      },
    },
  });
  const url = new URL('http://public.example/next');
  follower.follow(
    { url, base: url, last: [] },
    {
      head: () => got.push('head'),
      data: (chunk) => got.push(chunk.toString()),
      end: () => got.push('end'),
      failed: (reason) => got.push(`failed: ${reason}`),
    },
  );
  const status = (code: number): void => asked.at(-1)?.head({ status: code, reason: '', headers: [] });
  return { clock, asked, aborted, events, got, follower, status };
}

test('passes an answer on', () => {
  const { asked, got, events, status } = setup();
  status(200);
  asked[0]?.data(Buffer.from('x'));
  asked[0]?.end();
  expect(got).toEqual(['head', 'x', 'end']);
  expect(events).toEqual([{ type: 'linked', id: '1', url: 'http://public.example/next', status: 200 }]);
});

test('tries five times more, after 1, 2, 4, 8 and 16 s and the random part', () => {
  const { clock, asked, got, status } = setup({ random: 0.5 });
  for (const seconds of [1, 2, 4, 8, 16]) {
    const before = asked.length;
    status(503);
    clock.advance(seconds * 1000 + 499);
    expect(asked.length).toBe(before);
    clock.advance(1);
    expect(asked.length).toBe(before + 1);
  }
  status(404);
  clock.advance(100_000);
  expect(asked.length).toBe(6);
  expect(got).toEqual(['failed: the next link answered 404']);
});

test('an origin that is not there is tried again too', () => {
  const { clock, asked, events } = setup();
  asked[0]?.error(new Error('ECONNREFUSED'));
  clock.advance(1000);
  expect(asked.length).toBe(2);
  expect(events).toEqual([{ type: 'linked', id: '1', url: 'http://public.example/next' }]);
});

test('an answer that breaks off before its first byte is tried again, after it never', () => {
  const early = setup();
  early.status(200);
  early.asked[0]?.error(new Error('reset'));
  early.clock.advance(1000);
  expect(early.asked.length).toBe(2);

  const late = setup();
  late.status(200);
  late.asked[0]?.data(Buffer.from('x'));
  late.asked[0]?.error(new Error('reset'));
  late.clock.advance(100_000);
  expect(late.asked.length).toBe(1);
  expect(late.got).toEqual(['head', 'x', 'failed: the next link failed: reset']);
});

test('cancel stops the request, the retry, and every later word', () => {
  const { clock, asked, got, follower, status, aborted } = setup();
  status(503);
  follower.cancel();
  clock.advance(100_000);
  asked[0]?.end();
  expect([asked.length, got, aborted.length]).toEqual([1, [], 2]);
});
