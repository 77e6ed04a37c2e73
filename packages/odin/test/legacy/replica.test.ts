import { expect, test } from 'vitest';
import { createMemoryCluster } from '../../src/cluster/cluster.ts';
import { Replica } from '../../src/legacy/replica.ts';

const logger = { error: () => {}, warn: () => {} };
const LEASE_MS = 300;

function createPair() {
  const cluster = createMemoryCluster();
  const create = (): Replica =>
    new Replica({ cluster, logger, leaseMs: LEASE_MS, onNotice: () => {}, onResponse: () => {}, onMissed: () => {} });
  return { cluster, watcher: create(), owner: create() };
}

const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('a replica that closed is gone at once', async () => {
  const { watcher, owner } = createPair();
  await owner.appear();
  expect(await watcher.isAlive(owner.epoch)).toBe(true);
  await owner.close();
  expect(await watcher.isAlive(owner.epoch)).toBe(false);
  await watcher.close();
});

test('one that says nothing is gone when its lease has lapsed, and not while the watcher is new', async () => {
  const { watcher } = createPair();
  expect(await watcher.isAlive('nobody')).toBe(true);
  await pass(LEASE_MS / 2 + 20);
  expect(await watcher.isAlive('nobody')).toBe(false);
  await watcher.close();
});

test('a store that lost the leases says nothing about their owners until they had the time to renew them', async () => {
  const { cluster, watcher, owner } = createPair();
  await Promise.all([owner.appear(), watcher.appear()]);
  await pass(LEASE_MS / 2 + 20);
  for (const { epoch } of [owner, watcher]) await cluster.state.delete(`replica:${epoch}`);
  expect(await watcher.isAlive(owner.epoch)).toBe(true);
  await expect.poll(() => cluster.state.get(`replica:${owner.epoch}`)).toBe('1');
  expect(await watcher.isAlive('nobody')).toBe(true);
  await Promise.all([owner.close(), watcher.close()]);
});

test('a store that cannot be reached says nothing at all, and the lease is renewed as soon as it is back', async () => {
  const { cluster, watcher, owner } = createPair();
  await Promise.all([owner.appear(), watcher.appear()]);
  await pass(LEASE_MS / 2 + 20);
  const { touch, set } = cluster.state;
  const fail = () => Promise.reject(new Error('out of reach'));
  Object.assign(cluster.state, { touch: fail, set: fail });
  await pass(LEASE_MS * 1.5);
  await expect(watcher.isAlive(owner.epoch)).rejects.toThrow('out of reach');
  Object.assign(cluster.state, { touch, set });
  expect(await watcher.isAlive(owner.epoch)).toBe(true);
  await expect.poll(() => cluster.state.get(`replica:${owner.epoch}`)).toBe('1');
  await Promise.all([owner.close(), watcher.close()]);
});
