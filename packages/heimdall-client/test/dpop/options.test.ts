import { expect, test } from 'vitest';
import { type DpopOptions, normalizeDpop } from '../../src/dpop/options.ts';

test('fills in the defaults', () => {
  expect(normalizeDpop({})).toEqual({
    ...{ algorithms: ['ES256', 'EdDSA', 'RS256', 'PS256'], maxAgeSeconds: 60, maxProofs: 100_000 },
  });
});

test.each<[string, object]>([
  ['dpop.algorithms', { algorithms: [] }],
  ['dpop.algorithms', { algorithms: ['HS256'] }],
  ['dpop.algorithms', { algorithms: ['none'] }],
  ['dpop.maxAgeSeconds', { maxAgeSeconds: 0 }],
  ['dpop.maxProofs', { maxProofs: 0 }],
  ['dpop.replays', { replays: {} }],
  ['dpop.replays', { replays: null }],
])('refuses a bad %s', (name, options) => {
  expect(() => normalizeDpop(options as DpopOptions)).toThrow(
    expect.objectContaining({ code: 'bad_option', message: expect.stringContaining(`"${name}"`) }),
  );
});
