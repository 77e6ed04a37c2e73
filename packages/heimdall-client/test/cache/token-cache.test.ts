import { expect, test } from 'vitest';
import { createTokenCache } from '../../src/cache/token-cache.ts';
import { normalizeOptions, type TokenCacheOptions } from '../../src/options.ts';
import { parsePrincipal } from '../../src/principal.ts';
import { createRevocations } from '../../src/revocation/revocations.ts';
import { accessClaims, createClock, issuer, audience as mcp, start } from '../support/issuer.ts';

function setup(cache: TokenCacheOptions = {}, audience = mcp) {
  const clock = createClock();
  const policy = normalizeOptions({ issuer, audience, cache, now: clock.now });
  const revocations = createRevocations({ ...policy.revocations, now: clock.now });
  return { clock, revocations, cache: createTokenCache(policy, revocations) };
}

const keep = { maxTtlMs: 60_000 };
const principal = (lifetime = 300) => parsePrincipal(accessClaims({ exp: start + lifetime }));

test('the key is a digest: it neither contains the token nor collides with another', () => {
  const { cache } = setup();
  const keys = ['a.b.c', 'a.b.d', 'a.b'].map(cache.keyOf);
  expect(new Set(keys).size).toBe(3);
  expect(keys.join()).not.toContain('a.b');
  expect(cache.keyOf('a.b.c')).toBe(keys[0]);
});

test('two policies have different keys for one token', () => {
  const other = setup({}, 'https://odin.example/other').cache;
  expect(other.keyOf('a.b.c')).not.toBe(setup().cache.keyOf('a.b.c'));
});

test('believes for the time to live, and no longer', () => {
  const { cache, clock } = setup();
  const known = principal();
  cache.write('k', known, keep);
  clock.pass(59.999);
  expect(cache.read('k')).toBe(known);
  clock.pass(0.001);
  expect(cache.read('k')).toBeUndefined();
  expect(cache.stats().entries).toBe(0);
});

test('ends before the token does', () => {
  const { cache, clock } = setup();
  cache.write('k', principal(20), keep);
  clock.pass(14.9);
  expect(cache.read('k')).toBeDefined();
  clock.pass(0.1);
  expect(cache.read('k')).toBeUndefined();
});

test('does not take a token that is about to end, nor anything when switched off', () => {
  const { cache } = setup();
  cache.write('k', principal(5), keep);
  expect(cache.stats().entries).toBe(0);
  const off = setup({ maxTtlMs: 0 });
  off.cache.write('k', principal(), keep);
  expect(off.cache.stats().entries).toBe(0);
});

test('keeps to its number of entries: the least recently used goes', () => {
  const { cache } = setup({ maxEntries: 2 });
  cache.write('a', principal(), keep);
  cache.write('b', principal(), keep);
  cache.read('a');
  cache.write('c', principal(), keep);
  expect(['a', 'b', 'c'].map((key) => cache.read(key) !== undefined)).toEqual([true, false, true]);
  expect(cache.stats()).toEqual({ entries: 2, evicted: 1 });
});

test('keeps to its size, which is that of what it holds', () => {
  const { cache } = setup({ maxBytes: 10_000 });
  const holding = (characters: number) =>
    parsePrincipal(accessClaims({ note: 'x'.repeat(characters) }), { keep: ['note'] });
  cache.write('a', holding(6_000), keep);
  cache.write('b', holding(6_000), keep);
  cache.write('huge', holding(10_001), keep);
  expect(['a', 'b', 'huge'].map((key) => cache.read(key) !== undefined)).toEqual([false, true, false]);
});

test('the strategy may shorten the time, not lengthen it', () => {
  const { cache, clock } = setup();
  cache.write('short', principal(), { maxTtlMs: 30_000 });
  cache.write('long', principal(), { maxTtlMs: 600_000 });
  clock.pass(30);
  expect(['short', 'long'].map((key) => cache.read(key) !== undefined)).toEqual([false, true]);
  clock.pass(30);
  expect(cache.read('long')).toBeUndefined();
});

test('a revocation is noticed at the next read, and another one leaves the entry alone', () => {
  const { cache, revocations } = setup();
  cache.write('k', principal(), keep);
  revocations.add({ issuer, subject: 'somebody else', issuedBefore: start });
  expect(cache.read('k')).toBeDefined();
  revocations.add({ issuer, subject: 'u-1', issuedBefore: start });
  expect(cache.read('k')).toBeUndefined();
  expect(cache.stats().entries).toBe(0);
});
