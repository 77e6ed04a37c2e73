import { expect, test } from 'vitest';
import { createNonces } from '../../src/dpop/nonces.ts';
import { createClock } from '../support/issuer.ts';

const [a, b] = ['a'.repeat(43), 'b'.repeat(43)] as const;

function setup(keys: readonly [string, ...string[]] = [a]) {
  const clock = createClock();
  return { clock, nonces: createNonces({ keys, lifetimeSeconds: 300 }, { clockToleranceSeconds: 5, now: clock.now }) };
}

test('a nonce is good for its lifetime', async () => {
  const { clock, nonces } = setup();
  const nonce = await nonces.issue();
  expect(await nonces.isGood(nonce)).toBe(true);
  clock.pass(305);
  expect(await nonces.isGood(nonce)).toBe(true);
  clock.pass(1);
  expect(await nonces.isGood(nonce)).toBe(false);
});

test('it is good at a replica with the same keys, also while they are changed, and at no other server', async () => {
  const nonce = await setup([a]).nonces.issue();
  expect(await setup([b, a]).nonces.isGood(nonce)).toBe(true);
  expect(await setup([b]).nonces.isGood(nonce)).toBe(false);
});

test('one of a clock that is too far ahead is not good', async () => {
  const { clock, nonces } = setup();
  clock.pass(6);
  expect(await setup().nonces.isGood(await nonces.issue())).toBe(false);
});

test.each([undefined, 7, '', 'x', `zzzzzzzzzz.${'A'.repeat(43)}`])('%j is not good', async (value) => {
  expect(await setup().nonces.isGood(value)).toBe(false);
});

test('a changed one is not good', async () => {
  const { nonces } = setup();
  const [time = '', mac = ''] = (await nonces.issue()).split('.');
  const later = (Number.parseInt(time, 36) + 1).toString(36);
  expect(await nonces.isGood(`${later}.${mac}`)).toBe(false);
});
