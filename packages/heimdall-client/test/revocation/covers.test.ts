import { expect, test } from 'vitest';
import { parsePrincipal } from '../../src/principal.ts';
import { isCovered } from '../../src/revocation/covers.ts';
import type { Revocation } from '../../src/revocation/revocation.ts';
import { createRevocations } from '../../src/revocation/revocations.ts';
import { accessClaims, issuer, start } from '../support/issuer.ts';

const principal = parsePrincipal(accessClaims({ sid: 's-1' }));
const undated = parsePrincipal(accessClaims({ iat: undefined as unknown as number }));
const all = { issuer, issuedBefore: start };

test.each<[string, Revocation, boolean]>([
  ['its session', { ...all, sessionId: 's-1', issuedBefore: 0 }, true],
  ['another session', { ...all, sessionId: 's-2' }, false],
  ['its subject', { ...all, subject: 'u-1' }, true],
  ['its subject, up to a time before it was issued', { ...all, subject: 'u-1', issuedBefore: start - 1 }, false],
  ['another subject', { ...all, subject: 'u-2' }, false],
  ['its client', { ...all, clientId: 'app' }, true],
  ['another client', { ...all, clientId: 'app2' }, false],
  ['everything', all, true],
  ['everything up to a time before it was issued', { issuer, issuedBefore: start - 1 }, false],
  ['everything of another issuer', { issuer: 'https://other.example', issuedBefore: start }, false],
])('a revocation of %s: %j is %s, as the memory has it', (_name, revocation, covered) => {
  expect(isCovered(principal, revocation)).toBe(covered);
  const memory = createRevocations({ maxEntries: 10, retentionMs: 1_000, now: () => 0 });
  memory.add(revocation);
  expect(memory.isRevoked(principal)).toBe(covered);
});

test('a token that does not say when it was issued is covered', () => {
  expect(isCovered(undated, { issuer, subject: 'u-1', issuedBefore: 0 })).toBe(true);
});
