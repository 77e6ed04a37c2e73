import { expect, test } from 'vitest';
import { MemoryMessageBus } from '../../src/cluster/memory-message-bus.ts';

const keep = { maxLen: 10, ttlMs: 1_000 };

test('keeps no more logs than it may, and none that expired; logs with a reader stay', async () => {
  let now = 0;
  const bus = new MemoryMessageBus({ maxLogs: 5, now: () => now });
  const heard: string[] = [];
  const stop = await bus.tail('read', undefined, {
    item: ({ data }) => heard.push(data),
    lost: () => heard.push('lost'),
  });
  for (let at = 0; at < 20; at += 1) await bus.append(`log ${at}`, 'x', keep);
  expect(bus.size).toBeLessThanOrEqual(5);
  await bus.append('read', 'still here', keep);
  expect(heard).toEqual(['still here']);
  stop();
  now = 1_000;
  for (let at = 0; at < 3; at += 1) await bus.append(`new ${at}`, 'x', keep);
  expect(bus.size).toBe(3);
});

test('a log that expires under its reader goes on, and does not number anew', async () => {
  let now = 0;
  const bus = new MemoryMessageBus({ now: () => now });
  const heard: string[] = [];
  await bus.tail('log', undefined, {
    item: ({ id, data }) => heard.push(`${id} ${data}`),
    lost: () => heard.push('lost'),
  });
  await bus.append('log', 'a', keep);
  now = 1_000;
  await bus.append('log', 'b', keep);
  expect(heard).toEqual(['1 a', '2 b']);
  expect(await bus.read('log', '1', 10)).toEqual({ items: [{ id: '2', data: 'b' }], truncated: false });
  // As in Redis, where it is another log by then.
  expect(await bus.read('log', undefined, 10)).toEqual({ items: [{ id: '2', data: 'b' }], truncated: false });
});

test('a log that expired under its reader can be read from its beginning by another', async () => {
  let now = 0;
  const bus = new MemoryMessageBus({ now: () => now });
  await bus.tail('log', undefined, { item: () => {}, lost: () => {} });
  await bus.append('log', 'a', keep);
  now = 1_000;
  const heard: string[] = [];
  await bus.tail('log', undefined, { item: ({ data }) => heard.push(data), lost: () => heard.push('lost') });
  await bus.append('log', 'b', keep);
  expect(heard).toEqual(['b']);
});

test('an item that is written while another is delivered comes after it, for every reader', async () => {
  const bus = new MemoryMessageBus();
  const heard: string[] = [];
  await bus.tail('log', undefined, {
    item: ({ data }) => {
      if (data === 'a') void bus.append('log', 'b', keep);
    },
    lost: () => {},
  });
  await bus.tail('log', undefined, { item: ({ data }) => heard.push(data), lost: () => {} });
  await bus.append('log', 'a', keep);
  expect(heard).toEqual(['a', 'b']);
});

test('garbage is no place in a log', async () => {
  const bus = new MemoryMessageBus();
  await bus.append('log', 'a', keep);
  for (const after of ['x', '-1', '1.5', '7', '99999999999999999999'])
    expect(await bus.read('log', after, 10)).toMatchObject({ truncated: true });
});
