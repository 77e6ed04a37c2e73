import type { ItemFormat } from '@asgard/grip';
import { expect, test } from 'vitest';
import { createChannels } from '../../src/hermod/channels.ts';
import type { HermodEvent } from '../../src/hermod/event.ts';
import { HeldResponse } from '../../src/hermod/held-response.ts';
import { readInstruct } from '../../src/hermod/instruct.ts';
import { createFakeClock } from './fake-clock.ts';
import { FakeResponse } from './fake-response.ts';

function setup(headers: Record<string, string> = {}) {
  const clock = createFakeClock();
  const response = new FakeResponse();
  const events: HermodEvent[] = [];
  const channels = createChannels({ clock, onSubscribe: () => undefined, onUnsubscribe: () => undefined });
  const hold = { 'grip-hold': 'response', 'grip-channel': 'c', 'grip-timeout': '20', 'x-stored': 'old', ...headers };
  const held = new HeldResponse({
    id: '1',
    response: response.asResponse(),
    instruct: readInstruct({ status: 200, reason: 'OK', headers: Object.entries(hold) }, Buffer.from('stored')),
    channels,
    clock,
    emit: (event) => events.push(event),
  });
  held.start();
  const publish = (format: ItemFormat): void => held.deliver({ channel: 'c', format });
  return { clock, response, events, channels, held, publish };
}

test('one item is the answer; a second one finds nobody', () => {
  const { response, events, publish } = setup();
  publish({ kind: 'http-response', code: 201, headers: { 'X-Stored': 'new', 'Grip-Sig': 'no' }, body: 'ä' });
  publish({ kind: 'http-response', body: 'again' });
  expect(response).toMatchObject({ body: 'ä', ended: true, head: { status: 201, reason: 'Created' } });
  expect(response.head?.headers).toEqual(['x-stored', 'new', 'content-length', '2']);
  expect(events.at(-1)).toEqual({ type: 'released', id: '1', cause: 'response' });
});

test('at the timeout the stored answer goes out', () => {
  const { clock, response, events } = setup();
  clock.advance(19_999);
  expect(response.ended).toBe(false);
  clock.advance(1);
  expect(response).toMatchObject({ body: 'stored', ended: true });
  expect(events.at(-1)).toMatchObject({ cause: 'timeout' });
});

test('a stream item is not for it', () => {
  const { response, publish } = setup();
  publish({ kind: 'http-stream', content: 'x' });
  publish({ kind: 'http-stream', action: 'close' });
  expect(response.ended).toBe(false);
});

test('a lone percent sign under var-subst is 502', () => {
  const { response, publish } = setup({ 'grip-channel': 'c; filter=var-subst' });
  publish({ kind: 'http-response', body: '100%' });
  expect(response.head?.status).toBe(502);
});

test('stop leaves the channel and forgets the timeout', () => {
  const { clock, response, channels, held } = setup();
  held.stop();
  clock.advance(60_000);
  expect([response.ended, channels.names(), clock.pending]).toEqual([false, [], 0]);
});
