import { describe, expect, it } from 'vitest';
import { createClock } from '../../src/holds/clock.ts';
import { Expiries } from '../../src/holds/expiries.ts';
import { ManualClock } from './manual-clock.ts';

function setUp(): { clock: ManualClock; expiries: Expiries<string>; expired: string[] } {
  const clock = new ManualClock();
  const expired: string[] = [];
  return { clock, expired, expiries: new Expiries(createClock(clock), (value) => expired.push(value)) };
}

describe('Expiries', () => {
  it('end in their second, never early, with one timer for all of it', async () => {
    const { clock, expiries, expired } = setUp();
    expiries.add(1_200, 'a');
    expiries.add(1_900, 'b');
    expiries.add(2_001, 'c');
    expect(clock.pending).toBe(2);
    await clock.advance(1_999);
    expect(expired).toEqual([]);
    await clock.advance(1);
    expect(expired).toEqual(['a', 'b']);
    await clock.advance(1_000);
    expect([expired, clock.pending]).toEqual([['a', 'b', 'c'], 0]);
  });

  it('does not end what was removed, and keeps no timer for nothing', async () => {
    const { clock, expiries, expired } = setUp();
    const second = expiries.add(500, 'a');
    expiries.add(500, 'b');
    expiries.remove(second, 'a');
    await clock.advance(1_000);
    expect(expired).toEqual(['b']);
    expiries.remove(expiries.add(500, 'c'), 'c');
    expiries.remove(second, 'b');
    expect(clock.pending).toBe(0);
  });

  it('ends what is over already within a second', async () => {
    const { clock, expiries, expired } = setUp();
    expiries.add(-5_000, 'late');
    await clock.advance(1_000);
    expect(expired).toEqual(['late']);
  });

  it('end neither early nor late when the wall clock is set', async () => {
    const { clock, expiries, expired } = setUp();
    expiries.add(40_000, 'first');
    clock.set(-30_000);
    expiries.add(70_000, 'second');
    await clock.advance(40_000);
    expect(expired).toEqual(['first']);
    await clock.advance(30_000);
    expect(expired).toEqual(['first', 'second']);
  });
});
