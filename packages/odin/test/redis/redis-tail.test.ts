import { describe, expect, test } from 'vitest';
import type { LogItem } from '../../src/cluster/message-bus.ts';
import type { Place, RawPage } from '../../src/redis/log-page.ts';
import { RedisTail } from '../../src/redis/redis-tail.ts';

const GENERATION = '1700000000000000';
const LATER = '1700000000000001';

/** A tail over a log that the test writes by hand. */
function createTail(after: Place | undefined = undefined) {
  const heard: string[] = [];
  const log = { generation: GENERATION, first: 1, items: [] as string[], ttlMs: 60_000, exists: true };
  let reads = 0;
  const read = async (from: Place | undefined, limit: number): Promise<RawPage | undefined> => {
    reads += 1;
    if (!log.exists) return undefined;
    const { generation, first, items, ttlMs } = log;
    const last = first + items.length - 1;
    const start = from?.generation === generation ? Math.max(from.number + 1, first) : from ? last + 1 : first;
    const page = items.slice(start - first, start - first + limit);
    const numbered = page.map((data, at): LogItem => ({ id: `${generation}-${start + at}`, data }));
    return { generation, first, last, ttlMs, items: numbered };
  };
  const tail = new RedisTail({
    after,
    read,
    listener: { item: ({ data }) => heard.push(data), lost: () => heard.push('lost') },
    onEnd: () => heard.push('end'),
  });
  const news = (number: number, data: string, { generation = GENERATION, ttlMs = 60_000 } = {}): void =>
    tail.message(`${generation}-${number}:${ttlMs}:${data}`);
  return { tail, heard, log, news, reads: () => reads };
}

describe('a tail', () => {
  test('takes the next item from its news, without reading', async () => {
    const { tail, heard, log, news, reads } = createTail();
    log.items.push('a');
    await tail.begin();
    news(2, 'b:with:colons');
    news(3, 'c');
    expect(heard).toEqual(['a', 'b:with:colons', 'c']);
    expect(reads()).toBe(1);
  });

  test('forgets news of what it has read, also of the first item', async () => {
    const { tail, heard, log, news } = createTail();
    log.items.push('a', 'b');
    await tail.begin();
    news(1, 'a');
    news(2, 'b');
    news(3, 'c');
    expect(heard).toEqual(['a', 'b', 'c']);
  });

  test('reads when the news are not of the next item', async () => {
    const { tail, heard, log, news } = createTail();
    await tail.begin();
    log.items.push('a', 'b', 'c');
    news(3, 'c');
    await expect.poll(() => heard).toEqual(['a', 'b', 'c']);
  });

  test('reads when it was cut off, and believes no news before', async () => {
    const { tail, heard, log, news } = createTail();
    log.items.push('a');
    await tail.begin();
    tail.lost(performance.now());
    log.items.push('b', 'c');
    news(3, 'c');
    expect(heard).toEqual(['a']);
    tail.back();
    await expect.poll(() => heard).toEqual(['a', 'b', 'c']);
  });

  test('says when what it needs is gone, and ends', async () => {
    const { tail, heard, log, news } = createTail();
    log.items.push('a');
    await tail.begin();
    log.first = 5;
    log.items = ['e'];
    news(5, 'e');
    await expect.poll(() => heard).toEqual(['a', 'end', 'lost']);
    news(6, 'f');
    tail.end();
    expect(heard).toEqual(['a', 'end', 'lost']);
  });

  test('goes on with a log that had expired before the cut, and not with one that was lost by it', async () => {
    for (const [ttlMs, expected] of [
      [-1, ['a', 'new']],
      [60_000, ['a', 'end', 'lost']],
    ] as const) {
      const { tail, heard, log } = createTail();
      log.items.push('a');
      log.ttlMs = ttlMs;
      await tail.begin();
      tail.lost(performance.now());
      Object.assign(log, { generation: LATER, items: ['new'] });
      tail.back();
      await expect.poll(() => heard).toEqual(expected);
    }
  });

  test('goes on when its log begins anew while it listens', async () => {
    const { tail, heard, log, news } = createTail();
    log.items.push('a');
    await tail.begin();
    news(1, 'new', { generation: LATER });
    news(2, 'newer', { generation: LATER });
    expect(heard).toEqual(['a', 'new', 'newer']);
  });

  test('is told at once that a place is of another log, or of none', async () => {
    for (const exists of [true, false]) {
      const { tail, heard, log } = createTail({ generation: LATER, number: 3 });
      log.exists = exists;
      log.items.push('a');
      await tail.begin();
      expect(heard).toEqual(['end', 'lost']);
    }
  });

  test('tries a reading that failed again', async () => {
    const { tail, heard, log, news } = createTail();
    await tail.begin();
    const { items } = log;
    Object.defineProperty(log, 'items', {
      configurable: true,
      get: () => {
        Object.defineProperty(log, 'items', { value: items });
        throw new Error('out of reach');
      },
    });
    items.push('a', 'b');
    news(2, 'b');
    await expect.poll(() => heard, { timeout: 3_000 }).toEqual(['a', 'b']);
  });
});
