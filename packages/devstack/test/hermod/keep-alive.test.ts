import type { KeepAlive } from '@asgard/grip';
import { expect, test } from 'vitest';
import { createKeepAliveTimer } from '../../src/hermod/keep-alive.ts';
import { createFakeClock } from './fake-clock.ts';

function setup(random = 0) {
  const clock = createFakeClock({ random });
  const written: string[] = [];
  const timer = createKeepAliveTimer(clock, (data) => written.push(Buffer.from(data).toString()));
  const idle: KeepAlive = { data: ':\n\n', mode: 'idle', timeoutSeconds: 20 };
  return { clock, written, timer, idle };
}

test('idle: each time nothing was written for so long', () => {
  const { clock, written, timer, idle } = setup();
  timer.start(idle);
  clock.advance(19_000);
  timer.touch();
  clock.advance(19_999);
  expect(written).toEqual([]);
  clock.advance(1);
  clock.advance(20_000);
  expect(written).toEqual([':\n\n', ':\n\n']);
});

test('interval: whatever is written', () => {
  const { clock, written, timer, idle } = setup();
  timer.start({ ...idle, mode: 'interval', data: Uint8Array.of(0x41) });
  clock.advance(19_000);
  timer.touch();
  clock.advance(1000);
  expect(written).toEqual(['A']);
});

test('up to a second comes off at random', () => {
  const { clock, written, timer, idle } = setup(0.5);
  timer.start(idle);
  clock.advance(19_499);
  expect(written).toEqual([]);
  clock.advance(1);
  expect(written).toEqual([':\n\n']);
});

test('stops, starts again, and goes with the instruction', () => {
  const { clock, written, timer, idle } = setup();
  timer.start(idle);
  timer.stop();
  clock.advance(100_000);
  expect(written).toEqual([]);
  timer.start(idle);
  timer.start(undefined);
  clock.advance(100_000);
  expect([written, clock.pending]).toEqual([[], 0]);
});
