import type { StateStore } from '@asgard/odin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

export interface StoreUnderTest {
  readonly store: StateStore;
  /** Another client of the same data, or the same object when there can be no other. */
  readonly other: StateStore;
  /** A store whose keys must not be seen by the two above. */
  readonly foreign: StateStore;
  /** Lets so much time pass as the store sees it. Milliseconds. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

let run = 0;

/** What every StateStore must do. */
export function stateStoreContract(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`state store: ${name}`, () => {
    let made: StoreUnderTest;
    beforeAll(async () => {
      made = await start();
    });
    afterAll(() => made?.close());
    const key = (): string => `contract-${process.pid}-${run++}`;
    const ttlMs = 60_000;

    test('keeps a value for everybody, until it is deleted', async () => {
      const k = key();
      expect(await made.store.get(k)).toBeUndefined();
      expect(await made.store.set(k, 'one', { ttlMs })).toBe(true);
      expect(await made.other.get(k)).toBe('one');
      expect(await made.other.set(k, 'two', { ttlMs })).toBe(true);
      expect(await made.store.get(k)).toBe('two');
      expect(await made.store.delete(k)).toBe(true);
      expect(await made.other.get(k)).toBeUndefined();
      expect(await made.other.delete(k)).toBe(false);
    });

    test('lets exactly one of fifty racers in', async () => {
      const k = key();
      const racers = Array.from({ length: 50 }, (_, at) => at);
      const won = await Promise.all(
        racers.map((at) => (at % 2 ? made.store : made.other).set(k, `racer ${at}`, { ttlMs, if: 'absent' })),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await made.store.get(k)).toBe(`racer ${won.indexOf(true)}`);
    });

    test('swaps only what is still there', async () => {
      const k = key();
      expect(await made.store.set(k, 'b', { ttlMs, if: { is: 'a' } })).toBe(false);
      expect(await made.store.get(k)).toBeUndefined();
      await made.store.set(k, 'a', { ttlMs });
      const swaps = await Promise.all(['b', 'c'].map((value) => made.store.set(k, value, { ttlMs, if: { is: 'a' } })));
      expect(swaps.filter(Boolean)).toHaveLength(1);
    });

    test('renews and deletes only for the owner', async () => {
      const k = key();
      await made.store.set(k, 'mine', { ttlMs });
      expect(await made.other.touch(k, ttlMs, 'yours')).toBe(false);
      expect(await made.other.delete(k, 'yours')).toBe(false);
      expect(await made.other.touch(k, ttlMs, 'mine')).toBe(true);
      expect(await made.other.delete(k, 'mine')).toBe(true);
      expect(await made.store.touch(k, ttlMs)).toBe(false);
    });

    test('forgets in time, never early', async () => {
      const [short, renewed] = [key(), key()];
      await made.store.set(short, 'x', { ttlMs: 400 });
      await made.store.set(renewed, 'x', { ttlMs: 400 });
      await made.pass(300);
      expect(await made.store.get(short)).toBe('x');
      expect(await made.store.touch(renewed, 400, 'x')).toBe(true);
      await made.pass(160);
      expect(await made.store.get(short)).toBeUndefined();
      expect(await made.store.get(renewed)).toBe('x');
      expect(await made.store.set(short, 'y', { ttlMs, if: 'absent' })).toBe(true);
    });

    test('takes a megabyte and every character', async () => {
      const k = key();
      const value = `${'ä€😀"\\\n'.repeat(1_000)}${'x'.repeat(1_000_000)}`;
      await made.store.set(k, value, { ttlMs });
      expect(await made.other.get(k)).toBe(value);
    });

    test('keeps namespaces apart', async () => {
      const k = key();
      await made.store.set(k, 'ours', { ttlMs });
      expect(await made.foreign.get(k)).toBeUndefined();
    });
  });
}
