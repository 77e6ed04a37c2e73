import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessAttacks } from './access.ts';
import { callWith, testAttacks } from './attack.ts';
import { testRequestStates, testSessions } from './carried.ts';
import { claimAttacks } from './claims.ts';
import { dpopAttacks, testProofs } from './dpop.ts';
import { gatewayAttacks, testGateway } from './gateway.ts';
import { headerAttacks } from './headers.ts';
import { testNextLinks } from './links.ts';
import { testLogout } from './logout.ts';
import { malformedAttacks } from './malformed.ts';
import { signatureAttacks } from './signatures.ts';
import { testSmuggling } from './smuggling.ts';
import { GATEWAY_KEY, startTarget, type Target, TREASURE } from './target.ts';
import { tenantAttacks, testTenants } from './tenants.ts';

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
  describe('by tokens that are bound to a key', () => {
    testProofs(() => target);
    testAttacks(() => target, dpopAttacks);
  });
  describe('by access', () => testAttacks(() => target, accessAttacks));
  describe('by tokens of tenants', () => {
    testTenants(() => target);
    testAttacks(() => target, tenantAttacks);
  });
  describe('by raw bytes', () => testSmuggling(() => target));
  describe('by request state', () => testRequestStates(() => target));
  describe('by session', () => testSessions(() => target));
  describe('by logout tokens', () => testLogout(() => target));
  describe('by the links of held calls', () => testNextLinks(() => target));
});

describe('attacks on a server that believes a gateway', () => {
  let believer: Target;
  beforeAll(async () => {
    believer = await startTarget({ gateway: { proof: { kind: 'hmac', keys: [GATEWAY_KEY] } } });
  });
  afterAll(() => believer?.close());

  testGateway(() => believer);
  testAttacks(() => believer, gatewayAttacks);
});
