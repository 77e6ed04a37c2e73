import { expect, test } from 'vitest';
import { createReplayMemory } from '../../src/dpop/replay.ts';

test('an id is new once, until its time is over', () => {
  let now = 0;
  const memory = createReplayMemory({ maxEntries: 2, keepMs: 1_000, now: () => now });
  expect([memory.use('a'), memory.use('a')]).toEqual([true, false]);
  now = 999;
  expect(memory.use('a')).toBe(false);
  now = 1_000;
  expect(memory.use('a')).toBe(true);
  expect(memory.size).toBe(1);
});

test('a full memory refuses instead of forgetting', () => {
  let now = 0;
  const memory = createReplayMemory({ maxEntries: 2, keepMs: 1_000, now: () => now });
  memory.use('a');
  memory.use('b');
  expect(() => memory.use('c')).toThrow(expect.objectContaining({ code: 'unavailable' }));
  expect(memory.use('a')).toBe(false);
  now = 1_000;
  expect(memory.use('c')).toBe(true);
});
