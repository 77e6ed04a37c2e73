import type { LogItem, MessageBus } from '@asgard/odin';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

export interface BusUnderTest {
  readonly bus: MessageBus;
  /** Another client of the same bus, or the same object when there can be no other. */
  readonly other: MessageBus;
  /** A bus that must not hear the two above. */
  readonly foreign: MessageBus;
  /** Lets so much time pass as the bus sees it. Milliseconds. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

let run = 0;
const keep = { maxLen: 20_000, ttlMs: 60_000 };
const patience = { timeout: 5_000 };

/** What every MessageBus must do. */
export function messageBusContract(name: string, start: () => Promise<BusUnderTest>): void {
  describe(`message bus: ${name}`, () => {
    let made: BusUnderTest;
    beforeAll(async () => {
      made = await start();
    });
    afterAll(() => made?.close());
    const fresh = (): string => `contract-${process.pid}-${run++}`;

    test('a log gives back what it got, in order and once, whoever wrote', async () => {
      const log = fresh();
      const writers = [made.bus, made.other, made.bus, made.other];
      const ids = (
        await Promise.all(
          writers.map(async (bus, writer) => {
            const own: string[] = [];
            for (let at = 0; at < 500; at += 1) own.push(await bus.append(log, `${writer} ${at}`, keep));
            return own;
          }),
        )
      ).flat();
      const items: LogItem[] = [];
      for (;;) {
        const page = await made.bus.read(log, items.at(-1)?.id, 300);
        expect(page.truncated).toBe(false);
        if (page.items.length === 0) break;
        items.push(...page.items);
      }
      expect(new Set(ids).size).toBe(2_000);
      expect(items.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      for (const writer of [0, 1, 2, 3]) {
        const own = items.flatMap(({ data }) => (data.startsWith(`${writer} `) ? [data] : []));
        expect(own).toEqual(Array.from({ length: 500 }, (_, at) => `${writer} ${at}`));
      }
    });

    test('says what is gone', async () => {
      const log = fresh();
      const limits = { maxLen: 10, ttlMs: 60_000 };
      const ids: string[] = [];
      for (let at = 0; at < 500; at += 1) ids.push(await made.bus.append(log, `item ${at}`, limits));
      expect((await made.bus.read(log, undefined, 1_000)).truncated).toBe(true);
      expect((await made.bus.read(log, ids[0], 1_000)).truncated).toBe(true);
      const last = await made.bus.read(log, ids.at(-4), 1_000);
      expect(last.truncated).toBe(false);
      expect(last.items.map(({ data }) => data)).toEqual(['item 497', 'item 498', 'item 499']);
      expect(await made.bus.read(fresh(), undefined, 10)).toEqual({ items: [], truncated: false });
      expect(await made.bus.read(fresh(), ids[0], 10)).toEqual({ items: [], truncated: true });
    });

    test('bounds the characters too, and keeps the newest item', async () => {
      const log = fresh();
      const big = 'x'.repeat(1_000);
      for (let at = 0; at < 100; at += 1)
        await made.bus.append(log, big, { maxLen: 1_000, maxChars: 5_000, ttlMs: 60_000 });
      expect((await made.bus.read(log, undefined, 1_000)).items.length).toBeLessThanOrEqual(5);
      await made.bus.append(log, big.repeat(20), { maxLen: 1_000, maxChars: 5_000, ttlMs: 60_000 });
      expect((await made.bus.read(log, undefined, 1_000)).items).toHaveLength(1);
    });

    test('forgets a log in time, never early', async () => {
      const log = fresh();
      const first = await made.bus.append(log, 'x', { maxLen: 10, ttlMs: 400 });
      await made.pass(300);
      expect((await made.bus.read(log, undefined, 10)).items).toHaveLength(1);
      await made.pass(160);
      expect((await made.bus.read(log, first, 10)).truncated).toBe(true);
    });

    test('a tail has what was there and what comes, in order', async () => {
      const log = fresh();
      const before = [];
      for (let at = 0; at < 20; at += 1) before.push(await made.bus.append(log, `${at}`, keep));
      const heard: string[] = [];
      const stop = await made.other.tail(log, before[4], {
        item: ({ data }) => heard.push(data),
        lost: () => heard.push('lost'),
      });
      for (let at = 20; at < 200; at += 1) await made.bus.append(log, `${at}`, keep);
      const expected = Array.from({ length: 195 }, (_, at) => `${at + 5}`);
      await expect.poll(() => [...new Set(heard)], patience).toEqual(expected);
      stop();
      stop();
      await made.bus.append(log, 'after the stop', keep);
      await made.pass(50);
      expect(heard).not.toContain('after the stop');
    });

    test('a tail waits for a log that does not exist yet', async () => {
      const log = fresh();
      const heard: string[] = [];
      const stop = await made.other.tail(log, undefined, { item: ({ data }) => heard.push(data), lost: () => {} });
      await made.bus.append(log, 'first', keep);
      await expect.poll(() => heard, patience).toEqual(['first']);
      stop();
    });

    test('a tail that has everything goes on when its log expires and begins anew', async () => {
      const log = fresh();
      const heard: string[] = [];
      const first = await made.bus.append(log, 'before', { maxLen: 10, ttlMs: 200 });
      const stop = await made.other.tail(log, undefined, {
        item: ({ data }) => heard.push(data),
        lost: () => heard.push('lost'),
      });
      await made.pass(300);
      const second = await made.bus.append(log, 'after', keep);
      await made.bus.append(log, 'after that', keep);
      await expect.poll(() => heard, patience).toEqual(['before', 'after', 'after that']);
      expect(second).not.toBe(first);
      stop();
    });

    test('a tail that starts too late is told so, and nothing else', async () => {
      const log = fresh();
      const ids: string[] = [];
      for (let at = 0; at < 500; at += 1) ids.push(await made.bus.append(log, `${at}`, { maxLen: 10, ttlMs: 60_000 }));
      for (const [name, after] of [
        [log, ids[0]],
        [log, undefined],
        [fresh(), ids[0]],
      ] as const) {
        const heard: string[] = [];
        const stop = await made.bus.tail(name, after, {
          item: ({ data }) => heard.push(data),
          lost: () => heard.push('lost'),
        });
        await expect.poll(() => heard, patience).toEqual(['lost']);
        stop();
      }
    });

    test('a topic reaches everybody who listens, from the moment the subscription resolves', async () => {
      const topic = fresh();
      const heard: string[] = [];
      await made.bus.publish(topic, 'to nobody');
      const stop = await made.other.subscribe(topic, (data) => heard.push(`a ${data}`));
      const stopOther = await made.bus.subscribe(topic, (data) => heard.push(`b ${data}`));
      await made.bus.publish(topic, '1');
      await expect.poll(() => heard.toSorted(), patience).toEqual(['a 1', 'b 1']);
      stop();
      await made.bus.publish(topic, '2');
      await expect.poll(() => heard.toSorted(), patience).toEqual(['a 1', 'b 1', 'b 2']);
      stopOther();
    });

    test('a listener that throws harms nobody', async () => {
      const [topic, log] = [fresh(), fresh()];
      const heard: string[] = [];
      const fail = (): never => {
        throw new Error('a bad listener');
      };
      const stops = [
        await made.bus.subscribe(topic, fail),
        await made.bus.subscribe(topic, (data) => heard.push(data)),
        await made.bus.tail(log, undefined, { item: fail, lost: fail }),
        await made.bus.tail(log, undefined, { item: ({ data }) => heard.push(data), lost: fail }),
      ];
      await made.bus.publish(topic, 'topic');
      await made.bus.append(log, 'log', keep);
      await made.bus.append(log, 'log again', keep);
      await expect.poll(() => heard.toSorted(), patience).toEqual(['log', 'log again', 'topic']);
      for (const stop of stops) stop();
    });

    test('keeps namespaces apart', async () => {
      const name = fresh();
      const heard: string[] = [];
      const stop = await made.foreign.subscribe(name, (data) => heard.push(data));
      await made.bus.publish(name, 'ours');
      await made.bus.append(name, 'ours', keep);
      await made.pass(50);
      expect(heard).toEqual([]);
      expect((await made.foreign.read(name, undefined, 10)).items).toEqual([]);
      stop();
    });
  });
}
