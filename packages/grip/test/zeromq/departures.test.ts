import { describe, expect, it } from 'vitest';
import { Departures } from '../../src/zeromq/departures.ts';

function setUp() {
  let now = 0;
  let timer: { at: number; callback: () => void } | undefined;
  const told: string[] = [];
  const departures = new Departures((channel, broken) => told.push(`${channel} ${broken ? 'broken' : 'departed'}`), {
    now: () => now,
    after(ms, callback) {
      const own = { at: now + ms, callback };
      timer = own;
      return () => {
        if (timer === own) timer = undefined;
      };
    },
  });
  const advance = (ms: number): void => {
    const end = now + ms;
    for (; timer && timer.at <= end; ) {
      const { at, callback } = timer;
      timer = undefined;
      now = at;
      callback();
    }
    now = end;
  };
  return { departures, told, advance, isQuiet: () => timer === undefined };
}

describe('Departures', () => {
  it('tells a departure within a few milliseconds, each after the same wait', () => {
    const { departures, told, advance, isQuiet } = setUp();
    departures.unsubscribed('a');
    advance(4);
    departures.unsubscribed('b');
    expect(told).toEqual([]);
    advance(1);
    expect(told).toEqual(['a departed']);
    advance(4);
    expect(told).toEqual(['a departed', 'b departed']);
    expect(isQuiet()).toBe(true);
  });

  it('tells a break, whether its news come before or after the unsubscriptions', () => {
    const { departures, told, advance } = setUp();
    departures.unsubscribed('a');
    advance(4);
    departures.broke();
    departures.unsubscribed('b');
    advance(900);
    departures.unsubscribed('c');
    expect(told).toEqual(['a broken', 'b broken', 'c broken']);
    advance(1_000);
    departures.unsubscribed('d');
    advance(5);
    expect(told.at(-1)).toBe('d departed');
  });

  it('takes a channel that comes back at once for a break, and tells it before', () => {
    const { departures, told, advance } = setUp();
    departures.unsubscribed('a');
    departures.subscribed('a');
    advance(5);
    expect(told).toEqual(['a broken']);
  });

  it('tells nothing after close()', () => {
    const { departures, told, advance, isQuiet } = setUp();
    departures.unsubscribed('a');
    departures.close();
    advance(5);
    expect([told, isQuiet()]).toEqual([[], true]);
  });
});
