import { describe, expect, it } from 'vitest';
import { Deadlines } from '../../src/hermod/deadlines.ts';

describe('Deadlines', () => {
  it('fires what is due, never early, and stops its timer when nothing waits', () => {
    let now = 0;
    const fired: string[] = [];
    const deadlines = new Deadlines<string>(
      (value) => fired.push(value),
      () => now,
    );
    deadlines.add(1_500, 'a');
    deadlines.add(2_000, 'b');
    deadlines.add(9_000, 'c');
    expect(deadlines.size).toBe(3);
    now = 1_999;
    deadlines.sweep();
    expect(fired).toEqual([]);
    now = 2_000;
    deadlines.sweep();
    expect(fired).toEqual(['a', 'b']);
    now = 60_000;
    deadlines.sweep();
    expect([fired, deadlines.size]).toEqual([['a', 'b', 'c'], 0]);
    deadlines.close();
  });
});
