import { expect, test } from 'vitest';
import { createTestClock } from '../../src/testing.ts';

test('runs what is due in its order and at its own time, also what was asked for on the way', () => {
  const { now, after, advance } = createTestClock(1_000);
  const ran: string[] = [];
  const note = (name: string) => () => void ran.push(`${name} at ${now()}`);
  after(50, note('second'));
  after(10, () => {
    note('first')();
    after(20, note('nested'));
  });
  after(90, note('never'));
  const takeBack = after(30, note('taken back'));
  takeBack();
  advance(60);
  expect(ran).toEqual(['first at 1010', 'nested at 1030', 'second at 1050']);
  expect(now()).toBe(1_060);
});
