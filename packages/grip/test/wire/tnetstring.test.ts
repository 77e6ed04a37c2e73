import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBytes } from '../../src/wire/bytes.ts';
import type { Json } from '../../src/wire/json.ts';
import { formatTnetstring, parseTnetstring } from '../../src/wire/tnetstring.ts';
import { normalize } from './arbitraries.ts';

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ unit: 'binary' }).filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
}));

describe('tnetstrings', () => {
  it('are inverse', () => {
    fc.assert(
      fc.property(value, (json) => void expect(normalize(parseTnetstring(formatTnetstring(json)))).toEqual(json)),
    );
  });

  it('are written as the format says', () => {
    expect(new TextDecoder().decode(formatTnetstring({ a: ['ü', 1, true, null] }))).toBe(
      '27:1:a,19:2:ü,1:1#4:true!0:~]}',
    );
  });

  it.each([
    '',
    '1',
    ':',
    '01:x,',
    '5:abc,',
    '3:abc?',
    '1:x#',
    '2:no!',
    '1:x~',
    '3:abc,x',
    '4:1:a,}',
    '7:1:1#1:1#}',
    '99999999999:x,',
  ])('refuse %j', (text) => {
    expect(() => parseTnetstring(toBytes(text))).toThrow(expect.objectContaining({ code: 'invalid_item' }));
  });

  it('refuse deep nesting instead of overflowing the stack', () => {
    let nested = formatTnetstring('x');
    for (let depth = 0; depth < 20; depth++) nested = toBytes(`${nested.length}:${new TextDecoder().decode(nested)}]`);
    expect(() => parseTnetstring(nested)).toThrow(/nested too deep/);
  });
});
