import { expect, test } from 'vitest';
import { MemoryStateStore } from '../../src/cluster/memory-state-store.ts';
import { Whereabouts } from '../../src/hermod/whereabouts.ts';
import { createTestClock } from '../../src/testing.ts';

const LEASE_MS = 3_000;
const MAX_HOLD_MS = 60_000;
const URL_OF_A = 'http://10.0.0.7:8080';

function createPlace() {
  const { now, after, advance } = createTestClock();
  const state = new MemoryStateStore({ now });
  const logger = { error: () => {}, warn: () => {} };
  const start = (owner: string, advertise: string) =>
    new Whereabouts({ state, owner, advertise, maxHoldMs: MAX_HOLD_MS, logger, leaseMs: LEASE_MS, now, after });
  return { state, advance, start, asked: start('asking.1', 'http://10.0.0.9:8080') };
}

test('a replica is found by the others as long as it lives', async () => {
  const { start, asked } = createPlace();
  const a = start('a.1', URL_OF_A);
  expect(await asked.of('a.1')).toBeUndefined();
  await a.enter();
  expect(await asked.of('a.1')).toEqual({ url: URL_OF_A });
  expect(await asked.isSilent('a.1')).toBe(false);
  await a.leave();
  expect(await asked.of('a.1')).toBeUndefined();
  expect(await asked.isSilent('a.1')).toBe(true);
});

test('the start before is over when a replica was started again under its name', async () => {
  const { start, asked } = createPlace();
  await start('a.1', URL_OF_A).enter();
  await start('a.2', URL_OF_A).enter();
  expect([await asked.of('a.1'), await asked.of('a.2')]).toEqual(['over', { url: URL_OF_A }]);
});

test('a start is declared over by one, for as long as its streams may be asked for', async () => {
  const { start, asked, advance } = createPlace();
  const other = start('other.1', 'http://10.0.0.8:8080');
  expect([await asked.declareOver('a.1'), await other.declareOver('a.1')]).toEqual([true, false]);
  expect([await asked.of('a.1'), await other.of('a.1')]).toEqual(['over', 'over']);
  advance(MAX_HOLD_MS);
  expect(await other.of('a.1')).toBeUndefined();
});

test('only who declared it can take it back', async () => {
  const { start, asked } = createPlace();
  const other = start('other.1', 'http://10.0.0.8:8080');
  await asked.declareOver('a.1');
  await other.retract('a.1');
  expect(await other.of('a.1')).toBe('over');
  await asked.retract('a.1');
  expect([await other.of('a.1'), await other.declareOver('a.1')]).toEqual([undefined, true]);
});

test('says nothing of its own while the store cannot be reached', async () => {
  const { state, asked } = createPlace();
  state.get = () => Promise.reject(new Error('out of reach'));
  await expect(asked.of('a.1')).rejects.toThrow('out of reach');
});
