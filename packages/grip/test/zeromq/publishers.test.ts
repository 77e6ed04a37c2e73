import { describe, expect, it } from 'vitest';
import { GripError } from '../../src/index.ts';
import { createPushPublisher, createXpubPublisher } from '../../src/zeromq/index.ts';

const item = { channel: 'a', format: { kind: 'http-stream', content: 'x' } } as const;

describe.each([
  ['createXpubPublisher', createXpubPublisher],
  ['createPushPublisher', createPushPublisher],
])('%s', (_, create) => {
  it.each([[[]], [['pushpin:5562']], [['tcp://']]])('refuses the urls %j', (urls) => {
    expect(() => create({ urls })).toThrow(expect.objectContaining({ code: 'bad_option', field: 'urls' }));
  });

  it('says once and clearly that zeromq is missing', async () => {
    const load = (): Promise<never> => Promise.reject(new GripError('zeromq_missing', 'npm install zeromq'));
    const publisher = create({ urls: ['tcp://127.0.0.1:1'], load });
    await expect(publisher.ready()).rejects.toMatchObject({ code: 'zeromq_missing' });
    await expect(publisher.publish(item)).rejects.toMatchObject({ code: 'zeromq_missing' });
    await publisher.close();
  });

  it('can be closed before it is connected', async () => {
    const publisher = create({ urls: ['tcp://127.0.0.1:1'] });
    const ready = publisher.ready();
    await publisher.close();
    await expect(ready).rejects.toMatchObject({ code: 'publisher_closed' });
    await expect(publisher.publish(item)).rejects.toMatchObject({ code: 'publisher_closed' });
  });
});
