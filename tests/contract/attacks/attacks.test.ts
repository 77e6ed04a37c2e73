import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessAttacks } from './access.ts';
import { callWith, testAttacks } from './attack.ts';
import { testRequestStates, testSessions } from './carried.ts';
import { claimAttacks } from './claims.ts';
import { headerAttacks } from './headers.ts';
import { testNextLinks } from './links.ts';
import { testLogout } from './logout.ts';
import { malformedAttacks } from './malformed.ts';
import { signatureAttacks } from './signatures.ts';
import { testSmuggling } from './smuggling.ts';
import { startTarget, type Target, TREASURE } from './target.ts';

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target?.close());

describe('attacks', () => {
  test('a good token is let in: what the attacks lack is all that keeps them out', async () => {
    const seen = await callWith(target, `Bearer ${await target.issuer.token()}`);
    expect(seen.status, seen.body).toBe(200);
    expect(seen.body).toContain(TREASURE);
    expect(target.ran).toEqual(['treasure']);
  });

  describe('by signature', () => testAttacks(() => target, signatureAttacks));
  describe('by claims', () => testAttacks(() => target, claimAttacks));
  describe('by form', () => testAttacks(() => target, malformedAttacks));
  describe('by headers', () => testAttacks(() => target, headerAttacks));
  describe('by access', () => testAttacks(() => target, accessAttacks));
  describe('by raw bytes', () => testSmuggling(() => target));
  describe('by request state', () => testRequestStates(() => target));
  describe('by session', () => testSessions(() => target));
  describe('by logout tokens', () => testLogout(() => target));
  describe('by the links of held calls', () => testNextLinks(() => target));
});
