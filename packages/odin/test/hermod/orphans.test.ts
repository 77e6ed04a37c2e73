import { expect, test } from 'vitest';
import { Orphans } from '../../src/hermod/orphans.ts';
import { createTestClock } from '../../src/testing.ts';

const MINUTE = 60_000;

function createOrphans(random: number) {
  const { now, after, advance } = createTestClock(0);
  const ended: string[] = [];
  const orphans = new Orphans({ end: (channel) => ended.push(`${channel} at ${now() / MINUTE}`), now, after, random });
  return { orphans, ended, advance };
}

test('ends each that is still held a minute or two after its end', () => {
  const { orphans, ended, advance } = createOrphans(0.5);
  orphans.add('early', 2);
  orphans.add('late', 4);
  for (let half = 0; half < 20; half++) advance(MINUTE / 2);
  expect(ended).toEqual(['early at 3.5', 'late at 5.5']);
  expect(orphans.size).toBe(0);
});

test('forgets those that the proxy no longer holds, and watches again when more come', () => {
  const { orphans, ended, advance } = createOrphans(0);
  orphans.add('gone', 1);
  orphans.delete('gone');
  for (let minute = 0; minute < 5; minute++) advance(MINUTE);
  orphans.add('next', 6);
  for (let minute = 0; minute < 5; minute++) advance(MINUTE);
  expect(ended).toEqual(['next at 7']);
});

test('ends nothing once it is closed', () => {
  const { orphans, ended, advance } = createOrphans(0);
  orphans.add('held', 1);
  orphans.close();
  for (let minute = 0; minute < 5; minute++) advance(MINUTE);
  expect([ended, orphans.size]).toEqual([[], 0]);
});
