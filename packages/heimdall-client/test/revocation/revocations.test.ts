import type { JWTPayload } from 'jose';
import { expect, test } from 'vitest';
import { parsePrincipal } from '../../src/principal.ts';
import { createRevocations } from '../../src/revocation/revocations.ts';
import { accessClaims, createClock, issuer, start } from '../support/issuer.ts';

function setup(maxEntries = 100) {
  const clock = createClock();
  return { clock, revocations: createRevocations({ maxEntries, retentionMs: 3_600_000, now: clock.now }) };
}

const principal = (claims: JWTPayload = {}) => parsePrincipal(accessClaims({ sid: 's-1', ...claims }));
const later = { iat: start + 60 };

test('nothing is revoked at first', () => {
  const { revocations } = setup();
  expect(revocations.isRevoked(principal())).toBe(false);
  expect(revocations).toMatchObject({ version: 0, size: 0 });
});

test('a session that is over voids its tokens, whenever they were issued, and no others', () => {
  const { revocations } = setup();
  revocations.add({ issuer, sessionId: 's-1', subject: 'u-1', issuedBefore: start });
  expect(revocations.isRevoked(principal())).toBe(true);
  expect(revocations.isRevoked(principal(later))).toBe(true);
  expect(revocations.isRevoked(principal({ sid: 's-2' }))).toBe(false);
  expect(revocations.version).toBe(1);
});

test.each([
  ['subject', { subject: 'u-1' }, { sub: 'u-2' }],
  ['client', { clientId: 'app' }, { client_id: 'other' }],
  ['issuer', {}, { iss: 'https://other.example' }],
])('by %s: what was issued until then, so that signing in again helps', (_name, covered, foreign) => {
  const { revocations } = setup();
  revocations.add({ issuer, ...covered, issuedBefore: start + 30 });
  expect(revocations.isRevoked(principal())).toBe(true);
  expect(revocations.isRevoked(principal({ iat: start + 30 }))).toBe(true);
  expect(revocations.isRevoked(principal(later))).toBe(false);
  expect(revocations.isRevoked({ ...principal(), issuedAt: undefined } as never)).toBe(true);
  expect(revocations.isRevoked(principal(foreign))).toBe(false);
});

test('an earlier revocation does not take back a later one', () => {
  const { revocations } = setup();
  revocations.add({ issuer, subject: 'u-1', issuedBefore: start + 90 });
  revocations.add({ issuer, subject: 'u-1', issuedBefore: start });
  expect(revocations.isRevoked(principal(later))).toBe(true);
});

test('names of different kinds do not mix', () => {
  const { revocations } = setup();
  revocations.add({ issuer, subject: 's-1', issuedBefore: start });
  revocations.add({ issuer, clientId: 'u-1', issuedBefore: start });
  expect(revocations.isRevoked(principal())).toBe(false);
});

test('is forgotten when no token from before can be alive', () => {
  const { revocations, clock } = setup();
  revocations.add({ issuer, subject: 'u-1', issuedBefore: start });
  clock.pass(3_599);
  expect(revocations.isRevoked(principal())).toBe(true);
  clock.pass(1);
  expect(revocations.isRevoked(principal())).toBe(false);
  revocations.add({ issuer, subject: 'u-2', issuedBefore: start });
  expect(revocations.size).toBe(1);
});

test('when it is full nobody gets back in: the oldest becomes a revocation of all', () => {
  const { revocations, clock } = setup(3);
  for (let n = 0; n < 50; n += 1) {
    revocations.add({ issuer, subject: `u-${n}`, issuedBefore: start + n });
    clock.pass(1);
  }
  expect(revocations.size).toBeLessThanOrEqual(3);
  for (let n = 0; n < 50; n += 1)
    expect(revocations.isRevoked(principal({ sub: `u-${n}`, iat: start + n }))).toBe(true);
  expect(revocations.isRevoked(principal({ sub: 'innocent', iat: start + 40 }))).toBe(true);
  expect(revocations.isRevoked(principal({ sub: 'innocent', iat: start + 50 }))).toBe(false);
});
