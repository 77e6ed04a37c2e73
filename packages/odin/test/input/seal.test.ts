import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeal } from '../../src/input/seal.ts';

const [A, B] = ['a'.repeat(32), 'b'.repeat(32)] as const;

describe('createSeal', () => {
  it('opens what it sealed, for the same context only', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), async (text, context) => {
        const seal = createSeal([A], 'x');
        const sealed = await seal.seal(text, context);
        expect(await seal.open(sealed, context)).toBe(text);
        expect(await seal.open(sealed, `${context}!`)).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  });

  it('hides the text and never gives the same twice', async () => {
    const seal = createSeal([A], 'x');
    const [one, two] = await Promise.all([seal.seal('secret', ''), seal.seal('secret', '')]);
    expect(one).not.toBe(two);
    expect(Buffer.from(one.slice(3), 'base64url').toString()).not.toContain('secret');
  });

  it('opens with any of its secrets and seals with the first, so that they can be rotated', async () => {
    const old = await createSeal([A], 'x').seal('text', '');
    expect(await createSeal([B, A], 'x').open(old, '')).toBe('text');
    const fresh = await createSeal([B, A], 'x').seal('text', '');
    expect(await createSeal([B], 'x').open(fresh, '')).toBe('text');
    expect(await createSeal([A], 'x').open(fresh, '')).toBeUndefined();
  });

  it('keeps purposes apart', async () => {
    expect(await createSeal([A], 'y').open(await createSeal([A], 'x').seal('text', ''), '')).toBeUndefined();
  });

  it.each(['', 'o1.', 'o1.!!!', 'o1.AAAA', 'o2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'x'])(
    'opens nothing of %j',
    async (sealed) => {
      expect(await createSeal([A], 'x').open(sealed, '')).toBeUndefined();
    },
  );

  it('notices every changed character', async () => {
    const seal = createSeal([A], 'x');
    const sealed = await seal.seal('text', '');
    for (let at = 3; at < sealed.length - 1; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      expect(await seal.open(`${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`, '')).toBeUndefined();
    }
  });

  it('refuses short secrets', () => {
    expect(() => createSeal(['short'], 'x')).toThrow(/at least 32 characters/);
  });
});
