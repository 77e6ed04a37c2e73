import { createHolds, type Holds, parseItemFrame } from '@asgard/grip';
import { createLeaseSealer } from '@asgard/grip/node';
import { createXpubPublisher, type XpubPublisher } from '@asgard/grip/zeromq';
import { afterEach, describe, expect, it } from 'vitest';
import { Subscriber } from 'zeromq';
import { until } from '../../real/until.ts';

/** The SUB socket of a proxy: subscribes channel by channel. */
class SubSocket {
  readonly received: string[] = [];
  #socket = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });

  async bind(url = 'tcp://127.0.0.1:*'): Promise<string> {
    await this.#socket.bind(url);
    void this.#read();
    return String(this.#socket.lastEndpoint);
  }

  subscribe(channel: string): void {
    this.#socket.subscribe(channel);
  }

  unsubscribe(channel: string): void {
    this.#socket.unsubscribe(channel);
  }

  close(): void {
    this.#socket.close();
  }

  async #read(): Promise<void> {
    for await (const [channel, payload] of this.#socket) {
      const item = parseItemFrame(payload ?? new Uint8Array(), String(channel));
      if ('content' in item.format) this.received.push(`${item.channel} ${item.format.content}`);
    }
  }
}

describe('XPUB publisher', () => {
  const closing: (() => unknown)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function start(
    count = 1,
  ): Promise<{ proxies: SubSocket[]; publisher: XpubPublisher; urls: string[]; events: string[] }> {
    const proxies = Array.from({ length: count }, () => new SubSocket());
    const urls = await Promise.all(proxies.map((proxy) => proxy.bind()));
    const publisher = createXpubPublisher({ urls, heartbeatMs: 200 });
    const events: string[] = [];
    publisher.monitor.onSubscribe((channel) => events.push(`+${channel}`));
    publisher.monitor.onUnsubscribe((channel) => events.push(`-${channel}`));
    closing.push(() => publisher.close(), ...proxies.map((proxy) => () => proxy.close()));
    await publisher.ready();
    return { proxies, publisher, urls, events };
  }

  const send = (publisher: XpubPublisher, channel: string, content: string): Promise<void> =>
    publisher.publish({ channel, format: { kind: 'http-stream', content } });

  it('delivers a burst of 20,000 whole and in order, also when closed at once', async () => {
    const { proxies, publisher, events } = await start();
    const [proxy] = proxies;
    proxy?.subscribe('a');
    await until(() => events.includes('+a'));
    const texts = Array.from({ length: 20_000 }, (_, index) => String(index));
    await Promise.all(texts.map((text) => send(publisher, 'a', text)));
    await publisher.close();
    await until(() => proxy?.received.length === texts.length);
    expect(proxy?.received).toEqual(texts.map((text) => `a ${text}`));
  });

  it('tells subscriptions and their end, and reaches nobody else', async () => {
    const { proxies, publisher, events } = await start();
    proxies[0]?.subscribe('a');
    await until(() => events.length === 1);
    await send(publisher, 'b', 'lost');
    await send(publisher, 'a', 'seen');
    await until(() => proxies[0]?.received.length);
    proxies[0]?.unsubscribe('a');
    await until(() => events.length === 2);
    expect(events).toEqual(['+a', '-a']);
    expect(proxies[0]?.received).toEqual(['a seen']);
  });

  it('merges several proxies: the first to come, the last to go', async () => {
    const { proxies, publisher, events } = await start(2);
    await until(() => publisher.monitor.connected);
    proxies[0]?.subscribe('a');
    await until(() => events.length === 1);
    proxies[1]?.subscribe('a');
    proxies[1]?.subscribe('b');
    await until(() => events.includes('+b'));
    await send(publisher, 'a', 'x');
    await until(() => proxies.every(({ received }) => received.length === 1));
    proxies[0]?.close();
    proxies[1]?.unsubscribe('b');
    await until(() => events.includes('-b'));
    expect(events).toEqual(['+a', '+b', '-b']);
    proxies[1]?.unsubscribe('a');
    await until(() => events.includes('-a'));
  });

  it('notices a proxy that dies, refuses to publish, and comes back by itself', async () => {
    const { proxies, publisher, events, urls } = await start();
    proxies[0]?.subscribe('a');
    await until(() => events.length === 1);
    proxies[0]?.close();
    await until(() => events.includes('-a') && !publisher.monitor.connected);
    await expect(send(publisher, 'a', 'x')).rejects.toMatchObject({ code: 'not_connected' });
    const again = new SubSocket();
    closing.push(() => again.close());
    again.subscribe('a');
    await again.bind(urls[0]);
    await until(() => events.length === 3);
    await send(publisher, 'a', 'y');
    await until(() => again.received.length === 1);
  });

  function hold(publisher: XpubPublisher): Holds {
    const sealer = createLeaseSealer({ keys: ['a secret of at least thirty-two characters'] });
    const holds = createHolds({ publisher, recovery: { url: '/next', sealer, explain: () => '' } });
    closing.push(() => holds.close());
    return holds;
  }

  it('takes the break of one of two proxies for a break, and a departure for one', async () => {
    const { proxies, publisher, urls } = await start(2);
    const holds = hold(publisher);
    const [broken, departing, completed] = [holds.open(), holds.open(), holds.open()];
    const channels = [broken, departing, completed].map(({ channel }) => channel);
    for (const channel of ['other', ...channels]) proxies[0]?.subscribe(channel);
    proxies[1]?.subscribe('other');
    await until(() => holds.stats().live === 3);
    await completed.end('end');
    const left = performance.now();
    proxies[0]?.unsubscribe(departing.channel);
    await until(() => departing.state === 'ended');
    expect(departing.signal.reason.code).toBe('departed');
    expect(performance.now() - left).toBeLessThan(100);

    proxies[0]?.close();
    await until(() => broken.state === 'waiting');
    await new Promise((resolve) => setTimeout(resolve, 400));
    const answer = holds.recover({ last: `${completed.channel}; last-id=0` });
    expect([publisher.monitor.connected, answer.outcome]).toEqual([true, 'repaired']);
    const again = new SubSocket();
    closing.push(() => again.close());
    for (const channel of channels) again.subscribe(channel);
    await again.bind(urls[0]);
    await until(() => broken.state === 'live');
    await broken.write('after the break');
    await until(() => again.received.includes(`${broken.channel} after the break`));
    expect(broken.signal.aborted).toBe(false);
  });

  it('tells a break from departures when the event loop was busy meanwhile', async () => {
    for (let run = 0; run < 5; run++) {
      const { proxies, publisher } = await start();
      const told: (boolean | undefined)[] = [];
      publisher.monitor.onUnsubscribe((_, broken) => told.push(broken));
      const subscribed = new Promise<void>((resolve) => void publisher.monitor.onSubscribe(() => resolve()));
      proxies[0]?.subscribe('a');
      await subscribed;
      proxies[0]?.close();
      const begin = performance.now();
      while (performance.now() - begin < 150);
      await until(() => told.length === 1);
      expect(told).toEqual([true]);
    }
  });
});
