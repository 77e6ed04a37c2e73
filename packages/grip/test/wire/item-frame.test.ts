import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatItemFrame, formatItemFrames, GripError, parseItemFrame } from '../../src/index.ts';
import { item, normalize } from './arbitraries.ts';

const text = new TextEncoder();
const close = { channel: 'a', format: { kind: 'http-stream', action: 'close' } } as const;

describe('items as ZeroMQ frames', () => {
  it.each(['json', 'tnetstring'] as const)('are inverse in the framing %s', (encoding) => {
    fc.assert(
      fc.property(
        item,
        (whole) => void expect(normalize(parseItemFrame(formatItemFrame(whole, encoding)))).toEqual(normalize(whole)),
      ),
    );
  });

  it('have the channel as first of two frames on a PUB socket', () => {
    const [channel, payload] = formatItemFrames(close);
    expect(new TextDecoder().decode(channel)).toBe('a');
    expect(new TextDecoder().decode(payload)).toBe('J{"channel":"a","formats":{"http-stream":{"action":"close"}}}');
    expect(parseItemFrame(payload, 'b').channel).toBe('b');
    expect(parseItemFrame(formatItemFrame(close, 'tnetstring'), 'b').channel).toBe('b');
  });

  it.each([
    ['an empty frame', ''],
    ['an unknown framing', 'X{}'],
    ['broken JSON', 'J{'],
    ['a broken tnetstring', 'T5:abc,'],
    ['a tnetstring that is no item', 'T3:abc,'],
  ])('refuse %s', (_, frame) => {
    for (const channel of [undefined, 'a']) {
      expect(() => parseItemFrame(text.encode(frame), channel)).toThrow(
        expect.objectContaining({ code: 'invalid_item' }),
      );
    }
  });

  it('never throw anything but a GripError, whatever comes in', () => {
    fc.assert(
      fc.property(fc.constantFrom('J', 'T', ''), fc.uint8Array({ maxLength: 40 }), (kind, bytes) => {
        try {
          parseItemFrame(Uint8Array.of(...text.encode(kind), ...bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(GripError);
        }
      }),
    );
  });
});
