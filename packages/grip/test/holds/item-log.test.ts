import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ItemLog } from '../../src/holds/item-log.ts';

describe('ItemLog', () => {
  it('gives every item after a number, or nothing when it forgot one of them', () => {
    const steps = fc.array(
      fc.oneof(fc.string({ minLength: 1 }), fc.integer({ min: 0, max: 30 }), fc.constant('shrink' as const)),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(steps, fc.nat(40), (script, id) => {
        const log = new ItemLog();
        const all: string[] = [];
        let forgotten = 0;
        for (const step of script) {
          if (step === 'shrink') {
            log.shrink(0);
            forgotten = all.length;
          } else if (typeof step === 'string') expect(log.append(step)).toBe(all.push(step));
          else {
            log.trim(step);
            forgotten = Math.max(forgotten, Math.min(step, all.length));
          }
        }
        expect(log.last).toBe(all.length);
        expect(log.since(id)).toBe(id >= forgotten && id <= all.length ? all.slice(id).join('') : undefined);
      }),
    );
  });

  it('counts bytes, not characters', () => {
    const log = new ItemLog();
    log.append('äö');
    log.append('x');
    expect(log.bytes).toBe(5);
    log.shrink(4);
    expect([log.bytes, log.since(1), log.since(0)]).toEqual([1, 'x', undefined]);
  });
});
