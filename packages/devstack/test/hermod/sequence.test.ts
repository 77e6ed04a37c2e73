import type { PublishItem } from '@asgard/grip';
import { expect, test } from 'vitest';
import { createSequence } from '../../src/hermod/sequence.ts';
import { createFakeClock } from './fake-clock.ts';

function setup() {
  const clock = createFakeClock();
  const ready: string[] = [];
  const dropped: string[] = [];
  const sequence = createSequence({
    clock,
    onReady: (item) => ready.push(`${item.id}`),
    onDrop: (item, reason) => dropped.push(`${item.id}: ${reason}`),
  });
  const item = (id: string | undefined, prevId?: string, channel = 'c'): PublishItem => ({
    channel,
    ...(id === undefined ? {} : { id }),
    ...(prevId === undefined ? {} : { prevId }),
    format: { kind: 'http-stream', content: 'x' },
  });
  return { clock, ready, dropped, sequence, item };
}

test('hands on in the order of prev-id', () => {
  const { ready, sequence, item } = setup();
  for (const [id, prevId] of [
    ['1', '0'],
    ['4', '3'],
    ['3', '2'],
    ['2', '1'],
  ] as const)
    sequence.add(item(id, prevId), true);
  expect(ready).toEqual(['1', '2', '3', '4']);
  expect(sequence.lastId('c')).toBe('4');
});

test('a gap is waited for 5 s, then what waits goes on, its followers too', () => {
  const { clock, ready, sequence, item } = setup();
  sequence.add(item('1'), true);
  sequence.add(item('3', '2'), true);
  sequence.add(item('4', '3'), true);
  clock.advance(4999);
  expect(ready).toEqual(['1']);
  clock.advance(1);
  expect(ready).toEqual(['1', '3', '4']);
  expect(clock.pending).toBe(0);
});

test('an id counts once a minute and channel', () => {
  const { clock, ready, dropped, sequence, item } = setup();
  sequence.add(item('1'), true);
  sequence.add(item('1'), true);
  sequence.add(item('1', undefined, 'other'), true);
  clock.advance(60_000);
  sequence.add(item('1'), true);
  expect(ready).toEqual(['1', '1', '1']);
  expect(dropped).toEqual(['1: id 1 was published within the last minute']);
});

test('an id counts even when nobody listened the first time', () => {
  const { ready, sequence, item } = setup();
  sequence.add(item('1'), false);
  sequence.add(item('1'), true);
  expect(ready).toEqual(['1']);
});

test('unordered items neither wait nor set the last id', () => {
  const { ready, sequence, item } = setup();
  sequence.add(item('1'), true);
  sequence.add(item('9', '8'), false);
  expect(ready).toEqual(['1', '9']);
  expect(sequence.lastId('c')).toBe('1');
});

test('an item without id ends the order', () => {
  const { ready, sequence, item } = setup();
  sequence.add(item('1'), true);
  sequence.add(item(undefined, '1'), true);
  sequence.add(item('7', '6'), true);
  expect(ready).toEqual(['1', 'undefined', '7']);
});

test('at most 100 items wait, and one for each predecessor', () => {
  const { ready, dropped, sequence, item } = setup();
  sequence.add(item('0'), true);
  for (let n = 2; n <= 101; n += 1) sequence.add(item(`${n}`, `${n - 1}`), true);
  sequence.add(item('2b', '1'), true);
  sequence.add(item('200', '199'), true);
  expect(dropped).toEqual(['2b: another item already follows 1', '200: 100 items already wait on the channel']);
  sequence.add(item('1', '0'), true);
  expect(ready.length).toBe(102);
});

test('clear forgets the channel and its timers', () => {
  const { clock, ready, sequence, item } = setup();
  sequence.add(item('1'), true);
  sequence.add(item('3', '2'), true);
  sequence.clear('c');
  clock.advance(10_000);
  expect(ready).toEqual(['1']);
  expect(sequence.lastId('c')).toBeUndefined();
  sequence.add(item('8', '7'), true);
  expect(ready).toEqual(['1', '8']);
});
