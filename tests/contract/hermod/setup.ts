import type { PublishItem } from '@asgard/grip';
import { createXpubPublisher, type XpubPublisher } from '@asgard/grip/zeromq';
import { afterAll, beforeAll } from 'vitest';
import { until } from '../../real/until.ts';
import { type Call, type CallOptions, call } from './client.ts';
import { type Origin, reply, startOrigin } from './origin.ts';

interface ProxyUnderTest {
  /** Where clients go. */
  readonly url: string;
  /** Where XPUB sockets connect. */
  readonly subscriberUrl: string;
  /** With the token when one is demanded. */
  readonly publish?: { readonly url: string; readonly token?: string };
  /** What Grip-Sig is signed with. */
  readonly key: string;
  readonly issuer: string;
  /** What this version can do beside the common part. */
  readonly features: ReadonlySet<'link:gone'>;
  close(): Promise<void>;
}

export type StartProxy = (upstream: string) => Promise<ProxyUnderTest>;

/** A proxy between an origin and clients, with a publisher in between: what every part of the contract uses. */
export interface Bench {
  readonly origin: Origin;
  readonly proxy: ProxyUnderTest;
  readonly publisher: XpubPublisher;
  /** `+channel` and `-channel`, as the publisher hears them. */
  readonly subscriptions: readonly string[];
  call(path: string, options?: CallOptions): Promise<Call>;
  /** Publishes to the channel as soon as it is held. */
  publish(...items: PublishItem[]): Promise<void>;
  held(channel: string): Promise<void>;
  /** A name no other test uses. */
  channel(): string;
}

/** Starts the bench before the suite's tests and ends it after them. */
export function useBench(start: StartProxy): () => Bench {
  let bench: Bench | undefined;
  let count = 0;
  const calls: Call[] = [];
  beforeAll(async () => {
    const origin = await startOrigin();
    const proxy = await start(origin.url);
    // Pushpin listens before its parts have found each other, and answers instructions with 500 until then.
    origin.on('/warm-up', reply(200, { 'grip-set-meta': 'a="b"' }, 'warm'));
    await until(async () => (await fetch(`${proxy.url}/warm-up`)).status === 200);
    const publisher = createXpubPublisher({ urls: [proxy.subscriberUrl] });
    await publisher.ready();
    const subscriptions: string[] = [];
    publisher.monitor.onSubscribe((channel) => subscriptions.push(`+${channel}`));
    publisher.monitor.onUnsubscribe((channel) => subscriptions.push(`-${channel}`));
    const held = (channel: string): Promise<void> => until(() => subscriptions.includes(`+${channel}`));
    bench = {
      origin,
      proxy,
      publisher,
      subscriptions,
      held,
      async call(path, options) {
        const made = await call(`${proxy.url}${path}`, options);
        calls.push(made);
        return made;
      },
      async publish(...items) {
        for (const item of items) {
          await held(item.channel);
          await publisher.publish(item);
        }
      },
      channel: () => `contract.${++count}`,
    };
  });
  afterAll(async () => {
    for (const made of calls) made.abort();
    await bench?.publisher.close();
    await bench?.proxy.close();
    await bench?.origin.close();
  });
  return () => {
    if (!bench) throw new Error('The bench is not set up yet.');
    return bench;
  };
}

/** An item for a held stream. */
export function stream(channel: string, content: string, more: Partial<PublishItem> = {}): PublishItem {
  return { channel, format: { kind: 'http-stream', content }, ...more };
}

/** Ends a held stream. */
export function end(channel: string, more: Partial<PublishItem> = {}): PublishItem {
  return { channel, format: { kind: 'http-stream', action: 'close' }, ...more };
}
