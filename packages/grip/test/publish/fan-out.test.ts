import { describe, expect, it } from 'vitest';
import { createFanOut, createInMemoryPublisher, GripError, type Publisher } from '../../src/index.ts';

const item = { channel: 'a', format: { kind: 'http-stream', content: 'x' } } as const;

describe('createFanOut', () => {
  it('publishes to every proxy and closes every publisher', async () => {
    const proxies = [createInMemoryPublisher(), createInMemoryPublisher()];
    const all = createFanOut(proxies);
    await all.publish(item);
    expect(proxies.map(({ published }) => published.length)).toEqual([1, 1]);
    await all.close();
    await expect(proxies[0]?.publish(item)).rejects.toMatchObject({ code: 'publisher_closed' });
  });

  it('merges what the proxies tell', () => {
    const [one, two] = [createInMemoryPublisher(), createInMemoryPublisher()];
    const { monitor } = createFanOut([one, two]);
    const events: string[] = [];
    monitor.onSubscribe((channel) => events.push(`+${channel}`));
    monitor.onUnsubscribe((channel) => events.push(`-${channel}`));
    for (const proxy of [one, two]) proxy.subscribe('a');
    one.setConnected(false);
    expect([events, monitor.connected]).toEqual([['+a'], true]);
    two.unsubscribe('a');
    two.setConnected(false);
    expect([events, monitor.connected]).toEqual([['+a', '-a'], false]);
  });

  it('does not mind a proxy that is not there, but none at all', async () => {
    const [one, two] = [createInMemoryPublisher(), createInMemoryPublisher()];
    const all = createFanOut([one, two]);
    one.setConnected(false);
    await all.publish(item);
    two.setConnected(false);
    await expect(all.publish(item)).rejects.toMatchObject({ code: 'not_connected' });
  });

  it('tells every failure', async () => {
    const failing: Publisher = {
      publish: () => Promise.reject(new GripError('queue_full', 'full')),
      close: async () => undefined,
    };
    const error = await createFanOut([createInMemoryPublisher(), failing])
      .publish(item)
      .catch((reason: GripError) => reason);
    expect(error).toMatchObject({ code: 'publish_failed', cause: { errors: [{ code: 'queue_full' }] } });
    await expect(createFanOut([failing]).publish(item)).rejects.toMatchObject({ code: 'queue_full' });
  });

  it('needs a publisher', () => {
    expect(() => createFanOut([])).toThrow(expect.objectContaining({ code: 'bad_option' }));
  });
});
