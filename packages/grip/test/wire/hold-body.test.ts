import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHoldBody, GRIP_INSTRUCT_TYPE, GripError, parseHoldBody } from '../../src/index.ts';
import { headerText, hold, normalize, token, unicode } from './arbitraries.ts';

const response = fc.record(
  {
    headers: fc.dictionary(token, headerText, { maxKeys: 3 }),
    body: fc.oneof(unicode, fc.uint8Array({ maxLength: 40 })),
  },
  { requiredKeys: [] },
);

function parse(document: unknown, headers: Record<string, string> = {}) {
  return parseHoldBody(new Headers(headers), typeof document === 'string' ? document : JSON.stringify(document));
}

describe('application/grip-instruct', () => {
  it('is inverse: parse(format(hold, response)) is both', () => {
    fc.assert(
      fc.property(hold, response, (instruction, held) => {
        const { headers, body } = formatHoldBody(instruction, held);
        const parsed = parseHoldBody(new Headers(headers), body);
        expect(normalize(parsed.hold)).toEqual(normalize(instruction));
        expect(normalize(parsed.response)).toEqual(normalize(held));
        expect(parsed.status).toEqual(instruction.status ?? { code: 200 });
      }),
    );
  });

  it('carries meta that no header could', () => {
    const { headers, body } = formatHoldBody({ mode: 'stream', channels: [{ name: 'a' }], meta: { sub: '"ünï\n,;"' } });
    expect(headers).toEqual({ 'content-type': GRIP_INSTRUCT_TYPE });
    expect(parse(body).hold?.meta).toEqual({ sub: '"ünï\n,;"' });
  });

  it('reads what others write', () => {
    const document = {
      hold: {
        channels: [{ name: 'a', 'prev-id': '1' }],
        timeout: 20,
        'keep-alive': { 'content-bin': 'AAE=', timeout: 5 },
      },
      response: {
        code: 404,
        headers: [
          ['x', '1'],
          ['x', '2'],
        ],
        body: 'gone',
      },
    };
    expect(parse(document)).toEqual({
      hold: {
        mode: 'response',
        channels: [{ name: 'a', prevId: '1' }],
        timeoutSeconds: 20,
        keepAlive: { data: Uint8Array.of(0, 1), mode: 'idle', timeoutSeconds: 5 },
        status: { code: 404 },
      },
      response: { headers: { x: '1, 2' }, body: 'gone' },
      status: { code: 404 },
    });
  });

  it('may have no hold: the response is then final', () => {
    expect(parse({ response: { body: 'x' } })).toEqual({ response: { body: 'x' }, status: { code: 200 } });
  });

  it.each([
    ['text', 'x{'],
    ['a list', []],
    ['a hold without channels', { hold: {} }],
    ['a channel without a name', { hold: { channels: [{}] } }],
    ['an unknown mode', { hold: { mode: 'x', channels: [] } }],
    ['meta with a number', { hold: { channels: [], meta: { a: 1 } } }],
    ['code 99', { response: { code: 99 } }],
    ['headers of three', { response: { headers: 'x' } }],
  ])('does not read %s', (_, document) => {
    expect(() => parse(document)).toThrow(GripError);
  });

  it('refuses exposeHeaders, which the proxy would ignore', () => {
    expect(() => formatHoldBody({ mode: 'stream', channels: [{ name: 'a' }], exposeHeaders: ['x'] })).toThrow(
      /exposeHeaders/,
    );
  });
});
