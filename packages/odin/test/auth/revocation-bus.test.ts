import { createTokenVerifier, type Revocation } from '@asgard/heimdall-client';
import { expect, test } from 'vitest';
import { createRevocationBus } from '../../src/auth/revocation-bus.ts';
import { MemoryMessageBus } from '../../src/cluster/memory-message-bus.ts';
import { testPrincipal } from '../../src/testing.ts';

const issuer = 'https://id.example.com';
const of = (sessionId: string): Revocation => ({ issuer, sessionId, issuedBefore: 1 });

function createPlace(now: () => number = Date.now) {
  const bus = new MemoryMessageBus();
  const logged: string[] = [];
  const write = (_fields: object, message: string): void => void logged.push(message);
  const connect = () => createRevocationBus({ bus, logger: { error: write, warn: write }, retryMs: 5, now });
  return { bus, logged, connect };
}

test('a revocation reaches every replica, also one that starts later, until it stops', async () => {
  const { connect } = createPlace();
  const heard: string[] = [];
  const stop = connect().subscribe(({ sessionId }) => heard.push(`a ${sessionId}`));
  await connect().publish(of('1'));
  await expect.poll(() => heard).toEqual(['a 1']);
  connect().subscribe(({ sessionId }) => heard.push(`b ${sessionId}`));
  await expect.poll(() => heard).toEqual(['a 1', 'b 1']);
  stop();
  await connect().publish(of('2'));
  await expect.poll(() => heard).toEqual(['a 1', 'b 1', 'b 2']);
});

test('many that were kept are all heard, and what cannot be read is skipped', async () => {
  const { bus, connect, logged } = createPlace();
  for (let at = 0; at < 1_200; at += 1) await connect().publish(of(`${at}`));
  await bus.append('revocations', '{', { maxLen: 10_000, ttlMs: 60_000 });
  const heard: (string | undefined)[] = [];
  connect().subscribe(({ sessionId }) => heard.push(sessionId));
  await expect.poll(() => heard.length).toBe(1_200);
  await expect.poll(() => logged).toEqual(['a revocation cannot be read']);
});

test('is told of a failure once, and goes on when it is over', async () => {
  const { bus, connect, logged } = createPlace();
  const { read } = bus;
  let attempts = 0;
  bus.read = () => {
    attempts += 1;
    return Promise.reject(new Error('out of reach'));
  };
  const heard: (string | undefined)[] = [];
  connect().subscribe(({ sessionId }) => heard.push(sessionId));
  await expect.poll(() => attempts).toBeGreaterThan(2);
  bus.read = read;
  await connect().publish(of('1'));
  await expect.poll(() => heard).toEqual(['1']);
  expect(logged).toEqual(['revocations of other replicas cannot be heard']);
});

test('signing out on one replica makes the token void on the other', async () => {
  const { connect } = createPlace();
  const [here, there] = [0, 1].map(() =>
    createTokenVerifier({ issuer, audience: 'https://mcp.example.com/mcp', revocations: { bus: connect() } }),
  );
  await here?.revoke({ sessionId: 'desk' });
  const principal = testPrincipal({ issuer, sessionId: 'desk' });
  await expect.poll(() => there?.isRevoked(principal)).toBe(true);
  expect(there?.isRevoked(testPrincipal({ issuer, sessionId: 'phone' }))).toBe(false);
});

test('a replica that starts late refuses tokens of before what is kept, and only those', async () => {
  let at = 1_800_000_000_000;
  const { connect, logged } = createPlace(() => at);
  const seconds = at / 1000;
  const here = connect();
  for (let n = 0; n < 100_001; n += 1) await here.publish(of(`${n}`));
  const start = () =>
    createTokenVerifier({
      issuer,
      audience: 'https://mcp.example.com/mcp',
      revocations: { bus: connect() },
      now: () => at,
    });
  const late = start();
  const principal = (issuedAt: number) => testPrincipal({ issuer, sessionId: '0', issuedAt });
  await expect.poll(() => late.stats().revocations).toBeGreaterThan(99_000);
  expect(late.isRevoked(principal(seconds))).toBe(true);
  expect(late.isRevoked(principal(seconds + 61))).toBe(false);
  expect(logged).toEqual(['more revocations than are kept: older tokens are refused']);

  // A day later nobody would remember them: the gap harms nobody.
  at += 86_400_000 + 60_000;
  const nextDay = start();
  await expect.poll(() => nextDay.stats().revocations).toBeGreaterThan(99_000);
  expect(nextDay.isRevoked(principal(seconds))).toBe(false);
});
