import { describe, expect, it } from 'vitest';
import { Deadlines } from '../../src/hermod/deadlines.ts';
import { createTestClock } from '../../src/testing.ts';

describe('Deadlines', () => {
  it('fires what is due, never early, and stops its timer when nothing waits', () => {
    const clock = createTestClock(0);
    let timers = 0;
    const after = (ms: number, run: () => void) => {
      timers += 1;
      return clock.after(ms, () => {
        timers -= 1;
        run();
      });
    };
    const fired: string[] = [];
    const deadlines = new Deadlines<string>((value) => fired.push(value), { now: clock.now, after });
    deadlines.add(1_500, 'a');
    deadlines.add(2_000, 'b');
    deadlines.add(9_000, 'c');
    expect(deadlines.size).toBe(3);
    clock.advance(1_999);
    expect(fired).toEqual([]);
    expect(timers).toBe(1);
    clock.advance(1);
    expect(fired).toEqual(['a', 'b']);
    clock.advance(60_000);
    expect([fired, deadlines.size, timers]).toEqual([['a', 'b', 'c'], 0, 0]);
    deadlines.add(70_000, 'd');
    deadlines.close();
    clock.advance(60_000);
    expect(fired).not.toContain('d');
  });
});
