import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minuteOf, OwnChannels, startOfMinute } from '../../src/hermod/own-channels.ts';

describe('OwnChannels', () => {
  const server = 'https://mcp.example.com/mcp';
  const channels = new OwnChannels({ server, replica: 'r1', start: 'this' });

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
    const one = { number: 1, endsAtMinute: 2 };
    const earlier = new OwnChannels({ server, replica: 'r1', start: 'another' }).format(one);
    expect(channels.parse(earlier)).toEqual({ made: 'before', ...one });
    const elsewhere = new OwnChannels({ server, replica: 'r2', start: 'this' }).format(one);
    expect(channels.parse(elsewhere)).toEqual({ made: 'elsewhere', ...one });
    const own = channels.format(one).replace(/\.[^.]*$/, '');
    expect(channels.parse(`${own}.1-2`)).toMatchObject({ made: 'now' });
    for (const other of [
      new OwnChannels({ server: `${server}2`, replica: 'r1', start: 'this' }).format(one),
      `${own}.zz`,
      `${own}.1-2-3`,
      own,
      `${own}.1-2`.replace('odin', 'hold'),
      'odin.r1.this-start.1-2',
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
