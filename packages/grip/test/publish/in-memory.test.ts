import { describe, expect, it } from 'vitest';
import { createInMemoryPublisher, type PublishItem } from '../../src/index.ts';

const item: PublishItem = { channel: 'a', format: { kind: 'http-stream', content: 'x' } };

describe('createInMemoryPublisher', () => {
  it('keeps what was published and hands it on', async () => {
    const publisher = createInMemoryPublisher({ maxPublished: 2 });
    const heard: PublishItem[] = [];
    const unlisten = publisher.onPublish((published) => void heard.push(published));
    await publisher.publish(item);
    unlisten();
    for (const channel of ['b', 'c']) await publisher.publish({ ...item, channel });
    expect(heard).toEqual([item]);
    expect(publisher.published.map(({ channel }) => channel)).toEqual(['b', 'c']);
  });

  it('tells the first subscriber and the last to go', () => {
    const publisher = createInMemoryPublisher();
    const events: string[] = [];
    const unlisten = publisher.monitor.onSubscribe((channel) => events.push(`+${channel}`));
    publisher.monitor.onUnsubscribe((channel) => events.push(`-${channel}`));
    for (const step of ['subscribe', 'subscribe', 'unsubscribe', 'unsubscribe', 'unsubscribe'] as const)
      publisher[step]('a');
    unlisten();
    publisher.subscribe('b');
    expect(events).toEqual(['+a', '-a']);
  });

  it('loses every subscription with its connection', async () => {
    const publisher = createInMemoryPublisher();
    const gone: string[] = [];
    publisher.monitor.onUnsubscribe((channel) => gone.push(channel));
    publisher.subscribe('a');
    publisher.subscribe('b');
    publisher.setConnected(false);
    expect(gone).toEqual(['a', 'b']);
    expect(publisher.monitor.connected).toBe(false);
    await expect(publisher.publish(item)).rejects.toMatchObject({ code: 'not_connected' });
  });

  it('refuses what the wire would refuse, and everything after close()', async () => {
    const publisher = createInMemoryPublisher();
    await expect(publisher.publish({ ...item, channel: 'a,b' })).rejects.toMatchObject({ code: 'illegal_value' });
    await publisher.close();
    await expect(publisher.publish(item)).rejects.toMatchObject({ code: 'publisher_closed' });
  });
});
