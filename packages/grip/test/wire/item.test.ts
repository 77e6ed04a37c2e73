import { HttpResponseFormat, HttpStreamFormat, Item } from '@fanoutio/grip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatItemJson, parseItemJson, parseItemObject } from '../../src/index.ts';
import { channelName, item, normalize, token, unicode } from './arbitraries.ts';

describe('items as JSON', () => {
  it('are inverse', () => {
    fc.assert(
      fc.property(
        item,
        (whole) => void expect(normalize(parseItemJson(formatItemJson(whole)))).toEqual(normalize(whole)),
      ),
    );
  });

  it('are written as Pushpin documents them', () => {
    expect(
      JSON.parse(
        formatItemJson({
          channel: 'a',
          id: '2',
          prevId: '1',
          format: { kind: 'http-stream', content: Uint8Array.of(0, 255) },
          alternative: { kind: 'http-response', code: 202, body: 'x' },
          contentFilters: ['var-subst'],
          noSeq: true,
          meta: { sender: 'me' },
        }),
      ),
    ).toEqual({
      channel: 'a',
      id: '2',
      'prev-id': '1',
      formats: {
        'http-stream': { 'content-filters': ['var-subst'], 'content-bin': 'AP8=' },
        'http-response': { 'content-filters': ['var-subst'], code: 202, body: 'x' },
      },
      meta: { sender: 'me' },
      'no-seq': true,
    });
  });

  it('equal those of @fanoutio/grip', () => {
    fc.assert(
      fc.property(channelName, token, token, unicode, fc.uint8Array(), (channel, id, prevId, text, bytes) => {
        const theirs = new Item(
          [new HttpStreamFormat(text), new HttpResponseFormat({ code: '201', body: bytes } as never)],
          id,
          prevId,
        );
        const theirObject = JSON.parse(JSON.stringify({ ...theirs.export(), channel }).replace('"201"', '201'));
        const ours = formatItemJson({
          channel,
          id,
          prevId,
          format: { kind: 'http-stream', content: text },
          alternative: { kind: 'http-response', code: 201, body: bytes },
        });
        expect(JSON.parse(ours)).toEqual(theirObject);
      }),
    );
  });

  it('may have their formats beside the channel', () => {
    expect(parseItemObject({ channel: 'a', 'http-stream': { content: 'x' }, 'ws-message': { content: 'x' } })).toEqual({
      channel: 'a',
      format: { kind: 'http-stream', content: 'x' },
    });
  });

  it.each([
    ['no JSON', 'x', 'invalid_item'],
    ['no object', '[]', 'invalid_item'],
    ['no channel', '{"formats":{"http-stream":{"content":"x"}}}', 'invalid_item'],
    ['no content', '{"channel":"a","formats":{"http-stream":{}}}', 'invalid_item'],
    ['bad base64', '{"channel":"a","formats":{"http-stream":{"content-bin":"%"}}}', 'invalid_item'],
    ['an unknown action', '{"channel":"a","formats":{"http-stream":{"action":"x"}}}', 'unsupported_item'],
    ['only a message for WebSockets', '{"channel":"a","formats":{"ws-message":{"content":"x"}}}', 'unsupported_item'],
  ])('are refused with %s', (_, text, code) => {
    expect(() => parseItemJson(text)).toThrow(expect.objectContaining({ code }));
  });

  it('are refused when they cannot be written', () => {
    const write = (part: object) => () =>
      formatItemJson({ channel: 'a', format: { kind: 'http-stream', content: 'x' }, ...part });
    expect(write({ channel: 'a\n' })).toThrow(expect.objectContaining({ code: 'illegal_value', field: 'channel' }));
    expect(write({ id: 'é' })).toThrow(expect.objectContaining({ code: 'illegal_value', field: 'id' }));
    expect(write({ prevId: 'x'.repeat(2_000) })).toThrow(
      expect.objectContaining({ code: 'value_too_long', field: 'prev-id' }),
    );
    expect(write({ format: { kind: 'http-stream', content: '\ud800' } })).toThrow(
      expect.objectContaining({ field: 'content' }),
    );
    expect(write({ alternative: { kind: 'http-stream', content: 'y' } })).toThrow(
      expect.objectContaining({ field: 'alternative' }),
    );
  });

  it('keep a header that is named like a member of Object', () => {
    const format = {
      'http-response': {
        headers: [
          ['__proto__', 'a'],
          ['__proto__', 'b'],
          ['x', 'y'],
        ],
        body: '',
      },
    };
    const parsed = parseItemJson(JSON.stringify({ channel: 'a', formats: format }));
    const headers = 'headers' in parsed.format ? parsed.format.headers : undefined;
    expect(Object.entries(headers ?? {})).toEqual([
      ['__proto__', 'a, b'],
      ['x', 'y'],
    ]);
  });
});
