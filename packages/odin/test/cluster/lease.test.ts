import { expect, test } from 'vitest';
import { Lease } from '../../src/cluster/lease.ts';
import { MemoryStateStore } from '../../src/cluster/memory-state-store.ts';
import { createTestClock } from '../../src/testing.ts';

const logger = { error: () => {}, warn: () => {} };
const LEASE_MS = 3_000;
const STEP_MS = 100;

function createPair() {
  const { now, after, advance } = createTestClock();
  const state = new MemoryStateStore({ now });
  const create = (id: string): Lease =>
    new Lease({ state, logger, id, value: `value of ${id}`, leaseMs: LEASE_MS, now, after });
  /** Moves the clock in small steps, each with time for what it set off. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      advance(STEP_MS);
      await settled();
    }
  };
  return { state, pass, watcher: create('watcher'), owner: create('owner') };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('one that closed is gone at once', async () => {
  const { watcher, owner } = createPair();
  await owner.take();
  expect(await watcher.of('owner')).toBe('value of owner');
  expect(await watcher.isGone('owner')).toBe(false);
  await owner.close();
  expect(await watcher.of('owner')).toBeUndefined();
  expect(await watcher.isGone('owner')).toBe(true);
  await watcher.close();
});

test('one that says nothing is gone when its lease has lapsed, and not while the watcher is new', async () => {
  const { pass, watcher } = createPair();
  expect(await watcher.isGone('nobody')).toBe(false);
  await pass(LEASE_MS / 2);
  expect(await watcher.isGone('nobody')).toBe(true);
  await watcher.close();
});

test('a store that lost the leases says nothing about their owners until they had the time to renew them', async () => {
  const { state, pass, watcher, owner } = createPair();
  await Promise.all([owner.take(), watcher.take()]);
  await pass(LEASE_MS / 2);
  for (const id of ['owner', 'watcher']) await state.delete(`replica:${id}`);
  expect(await watcher.isGone('owner')).toBe(false);
  await pass(LEASE_MS / 3);
  expect(await watcher.of('owner')).toBe('value of owner');
  expect(await watcher.isGone('nobody')).toBe(false);
  await Promise.all([owner.close(), watcher.close()]);
});

test('a store that cannot be reached says nothing at all, and the lease is renewed as soon as it is back', async () => {
  const { state, pass, watcher, owner } = createPair();
  await Promise.all([owner.take(), watcher.take()]);
  await pass(LEASE_MS / 2);
  const { touch, set } = state;
  const fail = () => Promise.reject(new Error('out of reach'));
  Object.assign(state, { touch: fail, set: fail });
  await pass(LEASE_MS * 1.5);
  await expect(watcher.isGone('owner')).rejects.toThrow('out of reach');
  Object.assign(state, { touch, set });
  expect(await watcher.isGone('owner')).toBe(false);
  await pass(LEASE_MS / 3);
  expect(await watcher.of('owner')).toBe('value of owner');
  await Promise.all([owner.close(), watcher.close()]);
});

test('one that closes while it is being renewed stays closed', async () => {
  const { state, pass, watcher, owner } = createPair();
  await owner.take();
  const { touch } = state;
  let go = (): void => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  state.touch = async (...args) => {
    await gate;
    return touch.apply(state, args);
  };
  await pass(LEASE_MS / 2);
  await owner.close();
  go();
  await settled();
  expect(await watcher.of('owner')).toBeUndefined();
});

test('a renewal that failed once says nothing about the others for a moment, not for good', async () => {
  const { state, pass, watcher } = createPair();
  await watcher.take();
  await pass(LEASE_MS);
  expect(await watcher.isGone('nobody')).toBe(true);
  const { touch } = state;
  state.touch = () => Promise.reject(new Error('out of reach'));
  await pass(LEASE_MS / 3);
  state.touch = touch;
  expect(await watcher.isGone('nobody')).toBe(false);
  await pass(LEASE_MS);
  expect(await watcher.isGone('nobody')).toBe(true);
  await watcher.close();
});
