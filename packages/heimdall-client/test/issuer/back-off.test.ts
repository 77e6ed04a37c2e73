import { expect, test } from 'vitest';
import { createBackOff, retryAfterSeconds } from '../../src/issuer/back-off.ts';
import { createClock } from '../support/issuer.ts';

test('waits longer after each failure, up to half a minute, and not at all after a success', () => {
  const clock = createClock();
  const backOff = createBackOff(clock.now, 1);
  const waits = Array.from({ length: 7 }, () => backOff.failed());
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  clock.pass(29);
  expect(backOff.remainingMs()).toBe(1_000);
  clock.pass(2);
  expect(backOff.remainingMs()).toBe(0);
  backOff.failed();
  backOff.succeeded();
  expect(backOff.remainingMs()).toBe(0);
  expect(backOff.failed()).toBe(1_000);
});

test('can overlook single failures', () => {
  const backOff = createBackOff(createClock().now, 3);
  expect([backOff.failed(), backOff.failed()]).toEqual([0, 0]);
  backOff.succeeded();
  expect([backOff.failed(), backOff.failed(), backOff.failed(), backOff.failed()]).toEqual([0, 0, 1_000, 2_000]);
});

test.each([
  [0, 1],
  [1, 1],
  [1_000, 1],
  [1_001, 2],
  [30_000, 30],
])('%i ms are %i s for Retry-After', (ms, seconds) => {
  expect(retryAfterSeconds(ms)).toBe(seconds);
});
