import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/holds/pace.ts';

describe('Pace', () => {
  it('lets a burst through, then one item per interval, and saves up while it is quiet', () => {
    let time = 1_000;
    const pace = new Pace({ burst: 3, intervalMs: 5 }, () => time);
    const spendAll = (): number => {
      let count = 0;
      for (; pace.delay() === 0; count++) pace.spend();
      return count;
    };
    expect([spendAll(), pace.delay()]).toEqual([3, 5]);
    time += 5;
    expect([spendAll(), pace.delay()]).toEqual([1, 5]);
    time += 10;
    expect(spendAll()).toBe(2);
    time += 1_000;
    expect(spendAll()).toBe(3);
  });
});
