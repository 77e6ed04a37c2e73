import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minuteOf, OwnChannels, startOfMinute } from '../../src/hermod/own-channels.ts';

describe('OwnChannels', () => {
  const channels = new OwnChannels('r1', 'this-start');

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (number, endsAtMinute) => {
        expect(channels.parse(channels.format({ number, endsAtMinute }))).toEqual({
          made: 'now',
          number,
          endsAtMinute,
        });
      }),
    );
  });

  it('tells its own start from an earlier one, and knows no other channel', () => {
    const earlier = new OwnChannels('r1', 'another').format({ number: 1, endsAtMinute: 2 });
    expect(channels.parse(earlier)).toEqual({ made: 'before', number: 1, endsAtMinute: 2 });
    for (const other of [
      new OwnChannels('r2', 'this-start').format({ number: 1, endsAtMinute: 2 }),
      'odin.r1.this-start.zz',
      'odin.r1.this-start.1-2-3',
      'odin.r1.this-start',
      'hold.r1.this-start.1-2',
      'odin-0123456789abcdef.tools',
    ]) {
      expect(channels.parse(other)).toBeUndefined();
    }
  });

  it('rounds the end down to a minute', () => {
    expect(startOfMinute(minuteOf(119_999))).toBe(60_000);
    expect(minuteOf(-1)).toBe(0);
  });
});
