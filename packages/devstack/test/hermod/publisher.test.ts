import { GripError, type PublishItem } from '@asgard/grip';
import { expect, test } from 'vitest';
import { createProcessPublisher } from '../../src/hermod/publisher.ts';

function setup(live: string[] = []) {
  const accepted: PublishItem[] = [];
  const local = createProcessPublisher({ accept: (item) => accepted.push(item), live: () => [...live] });
  return { accepted, local, live };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('items arrive in order, in the form of the wire', async () => {
  const { accepted, local } = setup();
  const { publisher } = local;
  void publisher.publish({ channel: 'c', format: { kind: 'http-stream', content: Uint8Array.of(0xff) } });
  await publisher.publish({ channel: 'c', id: '2', format: { kind: 'http-stream', content: 'two' } });
  expect(accepted).toEqual([
    { channel: 'c', format: { kind: 'http-stream', content: Uint8Array.of(0xff) } },
    { channel: 'c', id: '2', format: { kind: 'http-stream', content: 'two' } },
  ]);
});

test('what the wire cannot carry is refused', async () => {
  const { local } = setup();
  const bad = { channel: 'a,b', format: { kind: 'http-stream', content: 'x' } } as const;
  await expect(local.publisher.publish(bad)).rejects.toThrow(GripError);
});

test('events come after the call that caused them, to those who listened then', async () => {
  const { local } = setup();
  const heard: string[] = [];
  local.publisher.monitor.onSubscribe((channel) => heard.push(`+${channel}`));
  const stop = local.publisher.monitor.onUnsubscribe((channel) => heard.push(`-${channel}`));
  local.subscribed('a');
  expect(heard).toEqual([]);
  await settled();
  local.unsubscribed('a');
  await settled();
  stop();
  local.unsubscribed('b');
  await settled();
  expect(heard).toEqual(['+a', '-a']);
});

test('a late listener hears of every channel that is held, once', async () => {
  const { local, live } = setup(['a', 'b']);
  const heard: string[] = [];
  local.publisher.monitor.onSubscribe((channel) => heard.push(channel));
  live.splice(0, 1);
  live.push('c');
  local.subscribed('c');
  await settled();
  expect(heard).toEqual(['b', 'c']);
});

test('closed: no connection, no publishing', async () => {
  const { local } = setup();
  expect(local.publisher.monitor.connected).toBe(true);
  local.close();
  expect(local.publisher.monitor.connected).toBe(false);
  await expect(local.publisher.publish({ channel: 'c', format: { kind: 'http-stream', content: '' } })).rejects.toThrow(
    expect.objectContaining({ code: 'publisher_closed' }),
  );
});
