import { expect, test } from 'vitest';
import { formatCallStream, formatEventId, parseCallStream, parseEventId } from '../../src/legacy/event-id.ts';

test('an event id survives a header, whatever the request id is', () => {
  for (const id of [0, -7, 1.5, '', 'a/b.c', 'ünï€😀\n"', 'x'.repeat(500)]) {
    const stream = formatCallStream({ epoch: 'e1', key: 'k1', id });
    const text = formatEventId({ sid: 'sid', stream, position: '12-3' });
    expect(text).toMatch(/^[\x21-\x7e]+$/);
    expect(parseEventId(text)).toEqual({ sid: 'sid', stream, position: '12-3' });
    expect(parseCallStream(stream)).toEqual({ epoch: 'e1', key: 'k1', id });
  }
});

test('anything else is not one', () => {
  for (const text of ['', 'a', 'a/b', 'a/b/', '/b/c', 'a/b/c/d', 'a/b c/d', `a/${'b'.repeat(1_025)}/c`, 'a/b/c\n'])
    expect(parseEventId(text)).toBeUndefined();
  for (const text of ['get', 'a.b', 'a.b.!!', 'a.b.bnVsbA', 'a.b.e30', 'a.b.x', '..Mw', 'a.b.Mw.c'])
    expect(parseCallStream(text)).toBeUndefined();
});
