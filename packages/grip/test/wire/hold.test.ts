import { Channel, GripInstruct } from '@fanoutio/grip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHoldHeaders, type HoldInstruction, parseHoldHeaders, parseLinkHeaders } from '../../src/index.ts';
import { channelName, headerText, hold, normalize, seconds, token, uri } from './arbitraries.ts';

const stream: HoldInstruction = { mode: 'stream', channels: [{ name: 'a' }] };

function parse(headers: Record<string, string>): HoldInstruction | undefined {
  return parseHoldHeaders(new Headers(headers));
}

function field(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as { field: string }).field}`;
  }
  return 'nothing thrown';
}

describe('hold headers', () => {
  it('writes what Pushpin reads', () => {
    expect(
      formatHoldHeaders({
        mode: 'stream',
        channels: [{ name: 'a', prevId: '7', filters: ['skip-self', 'var-subst'] }, { name: 'b' }],
        keepAlive: { data: ':\n\n', mode: 'interval', timeoutSeconds: 20 },
        next: { uri: '/next?x=1', timeoutSeconds: 30 },
        gone: { uri: 'http://origin:1/gone' },
        meta: { user: 'x "y" \\z' },
        status: { code: 202, reason: 'Odin Accepted' },
        exposeHeaders: ['content-type', 'mcp-session-id'],
      }),
    ).toEqual({
      'grip-hold': 'stream',
      'grip-channel': 'a; prev-id=7; filter=skip-self; filter=var-subst, b',
      'grip-keep-alive': ':\\n\\n; format=cstring; timeout=20; mode=interval',
      'grip-link': '</next?x=1>; rel=next; timeout=30, <http://origin:1/gone>; rel=gone',
      'grip-set-meta': 'user="x \\"y\\" \\\\z"',
      'grip-status': '202 Odin Accepted',
      'grip-expose-headers': 'content-type, mcp-session-id',
    });
  });

  it('are inverse: parse(format(hold)) is the hold', () => {
    fc.assert(
      fc.property(
        hold,
        (instruction) => void expect(parse(formatHoldHeaders(instruction))).toEqual(normalize(instruction)),
      ),
    );
  });

  it('are undefined without Grip-Hold', () => {
    expect(parse({ 'grip-channel': 'a', 'content-type': 'text/plain' })).toBeUndefined();
  });

  it('return every channel, also beyond the limit of the proxy', () => {
    const names = Array.from({ length: 25 }, (_, index) => `c${index}`);
    expect(parse({ 'grip-hold': 'stream', 'grip-channel': names.join(',') })?.channels.map(({ name }) => name)).toEqual(
      names,
    );
  });

  it('use the defaults of the proxy', () => {
    expect(parse({ 'grip-hold': 'response', 'grip-keep-alive': 'x' })).toEqual({
      mode: 'response',
      channels: [],
      keepAlive: { data: 'x', mode: 'idle', timeoutSeconds: 55 },
    });
  });

  it.each<[string, Partial<HoldInstruction>, string]>([
    ['CR/LF in a channel', { channels: [{ name: 'a\r\nSet-Cookie: x' }] }, 'illegal_value grip-channel'],
    ['a comma in a channel', { channels: [{ name: 'a,b' }] }, 'illegal_value grip-channel'],
    ['a long channel', { channels: [{ name: 'a'.repeat(1_025) }] }, 'value_too_long grip-channel'],
    ['no channel', { channels: [] }, 'illegal_value grip-channel'],
    ['a channel twice', { channels: [{ name: 'a' }, { name: 'a' }] }, 'illegal_value grip-channel'],
    [
      '21 channels',
      { channels: Array.from({ length: 21 }, (_, i) => ({ name: `c${i}` })) },
      'too_many_channels grip-channel',
    ],
    ['six filters', { channels: [{ name: 'a', filters: Array(6).fill('f') }] }, 'illegal_value grip-channel'],
    ['non-ASCII prev-id', { channels: [{ name: 'a', prevId: 'é' }], next: { uri: '/n' } }, 'illegal_value prev-id'],
    ['an empty prev-id', { channels: [{ name: 'a', prevId: '' }], next: { uri: '/n' } }, 'illegal_value prev-id'],
    ['prev-id without a next link', { channels: [{ name: 'a', prevId: '1' }] }, 'illegal_value next'],
    ['a timeout on a stream', { timeoutSeconds: 3 }, 'illegal_value timeoutSeconds'],
    ['an unknown mode', { mode: 'x' as 'stream' }, 'illegal_value mode'],
    ['fractions of seconds', { next: { uri: '/n', timeoutSeconds: 1.5 } }, 'illegal_value next link timeout'],
    ['a comma in a link', { next: { uri: '/n?a=1,2' } }, 'illegal_value next link'],
    ['LF in a link', { gone: { uri: '/n\n' } }, 'illegal_value gone link'],
    ['a long link', { next: { uri: `/${'n'.repeat(5_000)}` } }, 'value_too_long next link'],
    [
      'an empty keep-alive',
      { keepAlive: { data: '', mode: 'idle', timeoutSeconds: 5 } },
      'illegal_value grip-keep-alive',
    ],
    [
      'a huge keep-alive',
      { keepAlive: { data: 'x'.repeat(9_000), mode: 'idle', timeoutSeconds: 5 } },
      'value_too_long grip-keep-alive',
    ],
    ['a meta key with a space', { meta: { 'a b': 'x' } }, 'illegal_value meta key'],
    ['a meta value with LF', { meta: { a: 'x\ny' } }, 'illegal_value meta a'],
    ['an empty meta value', { meta: { a: '' } }, 'illegal_value meta a'],
    ['status 100', { status: { code: 100 } }, 'illegal_value grip-status'],
    ['CR in a reason', { status: { code: 200, reason: 'O\rK' } }, 'illegal_value grip-status'],
    ['an exposed header that is none', { exposeHeaders: ['a b'] }, 'illegal_value exposed header'],
  ])('refuse %s', (_, part, expected) => {
    expect(field(() => formatHoldHeaders({ ...stream, ...part }))).toBe(expected);
  });

  it.each<[string, Record<string, string>, string]>([
    ['an unknown mode', { 'grip-hold': 'later' }, 'invalid_field grip-hold'],
    ['an empty channel', { 'grip-hold': 'stream', 'grip-channel': 'a,,b' }, 'invalid_field grip-channel'],
    ['an open quote', { 'grip-hold': 'stream', 'grip-channel': 'a; prev-id="1' }, 'invalid_field grip-channel'],
    [
      'an unknown keep-alive mode',
      { 'grip-hold': 'stream', 'grip-keep-alive': 'x; mode=never' },
      'invalid_field grip-keep-alive',
    ],
    [
      'an unknown keep-alive format',
      { 'grip-hold': 'stream', 'grip-keep-alive': 'x; format=hex' },
      'invalid_field grip-keep-alive',
    ],
    [
      'an unknown escape',
      { 'grip-hold': 'stream', 'grip-keep-alive': '\\t; format=cstring' },
      'invalid_field grip-keep-alive',
    ],
    ['a negative timeout', { 'grip-hold': 'response', 'grip-timeout': '-1' }, 'invalid_field grip-timeout'],
    ['a link without brackets', { 'grip-hold': 'stream', 'grip-link': '/x; rel=next' }, 'invalid_field grip-link'],
    ['a status in words', { 'grip-hold': 'stream', 'grip-status': 'fine' }, 'invalid_field grip-status'],
    ['meta without a key', { 'grip-hold': 'stream', 'grip-set-meta': '="x"' }, 'invalid_field grip-set-meta'],
  ])('do not read %s', (_, headers, expected) => {
    expect(field(() => parse(headers))).toBe(expected);
  });

  it('read a link without a hold', () => {
    expect(parseLinkHeaders(new Headers({ 'grip-link': '</n>; rel=next, </o>; rel=other' }))).toEqual({
      next: { uri: '/n' },
    });
    expect(parseLinkHeaders(new Headers())).toEqual({});
  });
});

describe('hold headers of @fanoutio/grip', () => {
  const shared = fc.record({
    channels: fc.uniqueArray(fc.record({ name: channelName, prevId: token }), {
      selector: ({ name }) => name,
      minLength: 1,
      maxLength: 5,
    }),
    keepAlive: fc.string({ unit: fc.constantFrom(':', 'k', '\n', '\r', '\\', ' x'), minLength: 1, maxLength: 20 }),
    timeoutSeconds: seconds,
    next: fc.record({ uri, timeoutSeconds: seconds }),
    meta: fc.dictionary(
      token,
      headerText.filter((text) => !text.includes('\\')),
      { minKeys: 1, maxKeys: 3 },
    ),
    code: fc.integer({ min: 200, max: 599 }),
  });

  it('parse to the same instruction as ours', () => {
    fc.assert(
      fc.property(shared, ({ channels, keepAlive, timeoutSeconds, next, meta, code }) => {
        const data = `:${keepAlive}x`;
        const theirs = new GripInstruct();
        for (const { name, prevId } of channels) theirs.addChannel(new Channel(name, prevId));
        theirs.setHoldStream();
        theirs.setKeepAlive(data, timeoutSeconds);
        theirs.setNextLink(next.uri, next.timeoutSeconds);
        theirs.setStatus(code);
        theirs.meta = meta;
        const ours: HoldInstruction = {
          mode: 'stream',
          channels,
          keepAlive: { data, mode: 'idle', timeoutSeconds },
          next,
          meta,
          status: { code },
        };
        expect(parse(theirs.toHeaders() as Record<string, string>)).toEqual(parse(formatHoldHeaders(ours)));
      }),
    );
  });
});
