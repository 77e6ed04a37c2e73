import { expect, test } from 'vitest';
import { isSignatureAlgorithm } from '../src/signature-algorithm.ts';

test.each(['RS256', 'PS512', 'ES384', 'EdDSA', 'Ed25519'])('%s is one', (name) => {
  expect(isSignatureAlgorithm(name)).toBe(true);
});

test.each(['none', 'HS256', 'RS1', 'ES256K', '', undefined, ['RS256']])('%s is not', (name) => {
  expect(isSignatureAlgorithm(name)).toBe(false);
});
