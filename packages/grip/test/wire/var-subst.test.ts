import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeVarSubst, renderVarSubst, varSlot } from '../../src/index.ts';

const percents = fc.string({ unit: fc.constantFrom('%', '(', ')', 's', 'sub', '\\', 'é', 'x') });

describe('var-subst', () => {
  it('gives escaped text back as it was', () => {
    fc.assert(
      fc.property(percents, (text) => void expect(renderVarSubst(escapeVarSubst(text), { sub: '!' })).toBe(text)),
    );
  });

  it('puts the value of each subscriber into the slots, raw', () => {
    fc.assert(
      fc.property(percents, percents, percents, (before, value, after) => {
        const content = escapeVarSubst(before) + varSlot('sub') + escapeVarSubst(after);
        expect(renderVarSubst(content, { sub: value })).toBe(before + value + after);
      }),
    );
  });

  it.each(['%', 'a%', '%x', '%(sub)', '%(sub', '%(sub)d', '%(other)s', '%s'])(
    'refuses %j as the proxy does',
    (content) => {
      expect(() => renderVarSubst(content, { sub: '1' })).toThrow(expect.objectContaining({ code: 'invalid_field' }));
    },
  );

  it('refuses slot names that would need escapes', () => {
    expect(() => varSlot('a)b')).toThrow(expect.objectContaining({ code: 'illegal_value' }));
  });
});
