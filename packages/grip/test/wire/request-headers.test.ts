import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createChannelName,
  formatFeatures,
  formatLast,
  isGripHeader,
  parseChannelName,
  parseFeatures,
  parseLast,
} from '../../src/index.ts';
import { channelName, headerText, token } from './arbitraries.ts';

const part = fc.stringMatching(/^[A-Za-z0-9_-]{1,30}$/);

describe('Grip-Last', () => {
  it('is inverse', () => {
    const last = fc.array(fc.record({ channel: channelName, lastId: headerText }), { minLength: 1 });
    fc.assert(fc.property(last, (ids) => void expect(parseLast(formatLast(ids))).toEqual(ids)));
  });

  it('is read as Pushpin sends it', () => {
    expect(parseLast('a; last-id=7, b; last-id=x-1, c')).toEqual([
      { channel: 'a', lastId: '7' },
      { channel: 'b', lastId: 'x-1' },
    ]);
    expect(() => parseLast('; last-id=1')).toThrow(expect.objectContaining({ code: 'invalid_field' }));
  });
});

describe('Grip-Feature', () => {
  it('is inverse', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(token),
        (names) => void expect([...parseFeatures(formatFeatures(names))]).toEqual(names),
      ),
    );
  });

  it('is empty when absent', () => {
    expect(parseFeatures(null).size).toBe(0);
    expect(parseFeatures('status, link:next').has('link:next')).toBe(true);
  });
});

describe('channel names', () => {
  it('are inverse', () => {
    fc.assert(
      fc.property(
        fc.record({ prefix: part, replica: part, boot: part, id: part }),
        (parts) => void expect(parseChannelName(createChannelName(parts))).toEqual(parts),
      ),
    );
  });

  it('of another make are not taken for ours', () => {
    for (const name of ['', 'a.b.c', 'a.b.c.d.e', 'a.b.c. d', 'topic']) expect(parseChannelName(name)).toBeUndefined();
    expect(() => createChannelName({ prefix: 'a.b', replica: 'r', boot: 'b', id: 'i' })).toThrow(
      expect.objectContaining({ code: 'bad_option' }),
    );
  });
});

describe('GRIP header names', () => {
  it('are known in any case', () => {
    expect(['Grip-Sig', 'grip-hold', 'GRIP-X'].every(isGripHeader)).toBe(true);
    expect(['gripe', 'x-grip-sig', 'content-type'].some(isGripHeader)).toBe(false);
  });
});
