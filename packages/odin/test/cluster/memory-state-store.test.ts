import { expect, test } from 'vitest';
import { MemoryStateStore } from '../../src/cluster/memory-state-store.ts';

test('keeps no more than it may; the oldest go', async () => {
  const store = new MemoryStateStore({ maxEntries: 3 });
  for (const key of ['a', 'b', 'c', 'd']) await store.set(key, key, { ttlMs: 1_000 });
  expect(store.size).toBe(3);
  expect(await store.get('a')).toBeUndefined();
  expect(await store.get('d')).toBe('d');
});

test('forgets what expired without being asked for it', async () => {
  let now = 0;
  const store = new MemoryStateStore({ now: () => now });
  for (let at = 0; at < 100; at += 1) await store.set(`old ${at}`, 'x', { ttlMs: 10 });
  now = 10;
  for (let at = 0; at < 50; at += 1) await store.set(`new ${at}`, 'x', { ttlMs: 10 });
  expect(store.size).toBe(50);
});

test('what lasts does not keep what expired behind it, nor is it forgotten for that', async () => {
  let now = 0;
  const store = new MemoryStateStore({ maxEntries: 100, now: () => now });
  for (let at = 0; at < 10; at += 1) await store.set(`session ${at}`, 'x', { ttlMs: 1_000_000 });
  for (; now < 1_000; now += 1) await store.set(`short ${now}`, 'x', { ttlMs: 20 });
  expect(store.size).toBeLessThan(60);
  for (let at = 0; at < 10; at += 1) expect(await store.get(`session ${at}`)).toBe('x');
});
