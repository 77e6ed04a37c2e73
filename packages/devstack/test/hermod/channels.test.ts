import { expect, test } from 'vitest';
import { createChannels, type Holder } from '../../src/hermod/channels.ts';
import { createFakeClock } from './fake-clock.ts';

function setup() {
  const clock = createFakeClock();
  const events: string[] = [];
  const channels = createChannels({
    clock,
    onSubscribe: (channel) => events.push(`+${channel}`),
    onUnsubscribe: (channel) => events.push(`-${channel}`),
  });
  const holder = (name: string): Holder => ({ deliver: () => undefined, check: () => events.push(`check ${name}`) });
  return { clock, events, channels, holder };
}

test('tells of the first holder and of the last', () => {
  const { events, channels, holder } = setup();
  const [one, two] = [holder('one'), holder('two')];
  channels.join('c', 'stream', one);
  channels.join('c', 'stream', two);
  channels.leave('c', 'stream', one);
  channels.leave('c', 'stream', one);
  expect(events).toEqual(['+c']);
  expect(channels.holders('c', 'stream')).toEqual([two]);
  channels.leave('c', 'stream', two);
  expect(events).toEqual(['+c', '-c']);
  expect(channels.has('c')).toBe(false);
});

test('checks the first holders of a new channel once, after a second', () => {
  const { clock, events, channels, holder } = setup();
  channels.join('c', 'stream', holder('one'));
  clock.advance(999);
  channels.join('c', 'stream', holder('two'));
  clock.advance(1);
  channels.join('c', 'stream', holder('three'));
  clock.advance(100_000);
  expect(events).toEqual(['+c', 'check one', 'check two']);
});

test('a channel of held responses lingers for a minute', () => {
  const { clock, events, channels, holder } = setup();
  const one = holder('one');
  channels.join('c', 'response', one);
  channels.leave('c', 'response', one);
  clock.advance(59_000);
  channels.join('c', 'response', one);
  channels.leave('c', 'response', one);
  clock.advance(59_999);
  expect(events).toEqual(['+c']);
  clock.advance(1);
  expect(events).toEqual(['+c', '-c']);
});

test('close leaves no timer', () => {
  const { clock, channels, holder } = setup();
  channels.join('c', 'stream', holder('one'));
  channels.close();
  expect(clock.pending).toBe(0);
});
