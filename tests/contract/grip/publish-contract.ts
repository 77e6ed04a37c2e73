import {
  createHttpPublisher,
  escapeVarSubst,
  formatHoldHeaders,
  type Publisher,
  type PublishItem,
  varSlot,
} from '@asgard/grip';
import { createPushPublisher } from '@asgard/grip/zeromq';
import { describe, expect, it } from 'vitest';
import { until } from '../../real/until.ts';
import { type ClientStream, open } from './client.ts';
import { uniqueChannel } from './instruct-contract.ts';
import { hold } from './origin.ts';
import type { ContractContext } from './proxy-contract.ts';

/** What the proxy makes of items, and what it tells of its subscriptions. */
export function publishContract(get: () => ContractContext): void {
  const item = (channel: string, content: string | Uint8Array, more: Partial<PublishItem> = {}): PublishItem => ({
    channel,
    format: { kind: 'http-stream', content },
    ...more,
  });
  const close = (channel: string): PublishItem => ({ channel, format: { kind: 'http-stream', action: 'close' } });

  /** Opens a held stream and waits for the proxy's word that it is live. */
  async function openLive(channel: string, headers: Record<string, string>): Promise<ClientStream> {
    const { origin, proxy } = get();
    const path = `/${crypto.randomUUID()}`;
    origin.on(path, hold(headers));
    let live = false;
    const unlisten = proxy.publisher.monitor.onSubscribe((name) => {
      live ||= name === channel;
    });
    const client = await open(`${proxy.url}${path}`, { body: '{}' });
    await until(() => live);
    unlisten();
    return client;
  }

  const openChannel = (name: string): Promise<ClientStream> =>
    openLive(name, formatHoldHeaders({ mode: 'stream', channels: [{ name }] }));

  describe('publishes', () => {
    it('in order after the subscription is told, then closes', async () => {
      const { proxy } = get();
      const name = uniqueChannel();
      const client = await openChannel(name);
      const texts = Array.from({ length: 100 }, (_, index) => `data: ${index}\n\n`);
      for (const text of texts) await proxy.publisher.publish(item(name, text));
      await proxy.publisher.publish(close(name));
      expect(await client.end()).toBe(texts.join(''));
      expect(client.state).toBe('ended');
    });

    it('bytes that are no text', async () => {
      const { proxy } = get();
      const name = uniqueChannel();
      const client = await openChannel(name);
      await proxy.publisher.publish(item(name, Uint8Array.of(0x61, 0xc3, 0xa9, 0x00, 0x62)));
      await client.has('aé\0b');
      client.abort();
    });

    it('a large item whole', async () => {
      const { proxy } = get();
      const name = uniqueChannel();
      const client = await openChannel(name);
      await proxy.publisher.publish(item(name, 'x'.repeat(3_000_000)));
      await proxy.publisher.publish(close(name));
      expect((await client.end()).length).toBe(3_000_000);
    });

    it('only to the exact channel', async () => {
      const { proxy } = get();
      const name = uniqueChannel();
      const client = await openChannel(name);
      for (const other of [name.slice(0, -1), `${name}x`]) await proxy.publisher.publish(item(other, 'wrong'));
      await proxy.publisher.publish(item(name, 'right'));
      await client.has('right');
      expect(client.text).toBe('right');
      client.abort();
    });

    it('an id once', async () => {
      const { proxy } = get();
      const name = uniqueChannel();
      const client = await openChannel(name);
      for (const text of ['a', 'b']) await proxy.publisher.publish(item(name, text, { id: '1' }));
      await proxy.publisher.publish(item(name, 'c', { id: '2' }));
      await client.has('c');
      expect(client.text).toBe('ac');
      client.abort();
    });

    it('to each subscriber with its own values', async () => {
      const { proxy } = get();
      const name = uniqueChannel();
      const ids = ['7', '"listen:0"', '100%'];
      const clients: ClientStream[] = [];
      for (const sub of ids) {
        const own = uniqueChannel();
        const channels = [{ name: own }, { name, filters: ['var-subst'] }];
        clients.push(await openLive(own, formatHoldHeaders({ mode: 'stream', channels, meta: { sub } })));
      }
      await proxy.publisher.publish(item(name, `${escapeVarSubst('{"load":"50%","id":')}${varSlot('sub')}}\n\n`));
      for (const [index, client] of clients.entries()) {
        await client.has('\n\n');
        expect(client.text).toBe(`{"load":"50%","id":${ids[index]}}\n\n`);
        client.abort();
      }
    });

    it('to twenty channels of one connection; a further one is not heard', async () => {
      const { proxy } = get();
      const names = Array.from({ length: 21 }, uniqueChannel);
      const headers = { 'grip-hold': 'stream', 'grip-channel': names.join(', ') };
      const client = await openLive(names[0] ?? '', headers);
      await until(async () => {
        await proxy.publisher.publish(item(names[19] ?? '', 'twentieth'));
        return client.text.includes('twentieth');
      });
      await proxy.publisher.publish(item(names[20] ?? '', 'further'));
      await proxy.publisher.publish(item(names[0] ?? '', 'first'));
      await client.has('first');
      expect(client.text).not.toContain('further');
      client.abort();
    });

    it('the answer of a held response', async () => {
      const { origin, proxy } = get();
      const name = uniqueChannel();
      const headers = formatHoldHeaders({ mode: 'response', channels: [{ name }], timeoutSeconds: 20 });
      origin.on('/response', (_, response) => response.writeHead(200, headers).end('too late'));
      const live = new Promise<void>((resolve) => {
        const unlisten = proxy.publisher.monitor.onSubscribe((channel) => {
          if (channel !== name) return;
          unlisten();
          resolve();
        });
      });
      const answer = open(`${proxy.url}/response`);
      await live;
      await proxy.publisher.publish({
        channel: name,
        format: { kind: 'http-response', code: 201, headers: { 'x-one': '1' }, body: '{"done":true}' },
      });
      const client = await answer;
      expect([client.status, client.headers.get('x-one'), await client.end()]).toEqual([201, '1', '{"done":true}']);
    });

    it('what is posted to its HTTP port', async () => {
      const { publishUrl, publishToken } = get().proxy;
      if (publishUrl === undefined) return;
      const key = publishToken === undefined ? {} : { key: publishToken };
      await deliversInOrder(createHttpPublisher({ controlUrl: publishUrl, ...key }));
    });

    it('what is sent to its PULL socket', async () => {
      const { pushUrl } = get().proxy;
      if (pushUrl === undefined) return;
      const publisher = createPushPublisher({ urls: [pushUrl] });
      await publisher.ready();
      await deliversInOrder(publisher);
    });
  });

  async function deliversInOrder(publisher: Publisher): Promise<void> {
    const name = uniqueChannel();
    const client = await openChannel(name);
    const texts = Array.from({ length: 80 }, (_, index) => `data: ${index}\n\n`);
    await Promise.all(texts.map((text) => publisher.publish(item(name, text))));
    await publisher.publish(close(name));
    expect(await client.end()).toBe(texts.join(''));
    await publisher.close();
  }

  describe('tells', () => {
    it('that a client has left, soon', async () => {
      const { proxy } = get();
      const waits: number[] = [];
      for (let run = 0; run < 10; run++) {
        const name = uniqueChannel();
        const client = await openChannel(name);
        let gone = 0;
        const unlisten = proxy.publisher.monitor.onUnsubscribe((channel) => {
          if (channel === name) gone = performance.now();
        });
        const start = performance.now();
        client.abort();
        await until(() => gone > 0, 2_000);
        unlisten();
        waits.push(gone - start);
      }
      expect(waits.sort((a, b) => a - b)[5]).toBeLessThan(100);
    });

    it('the first subscriber of a channel and the last to leave', async () => {
      const { proxy } = get();
      const name = uniqueChannel();
      const events: string[] = [];
      const unlisten = [
        proxy.publisher.monitor.onSubscribe((channel) => void (channel === name && events.push('+'))),
        proxy.publisher.monitor.onUnsubscribe((channel) => void (channel === name && events.push('-'))),
      ];
      const first = await openChannel(name);
      const own = uniqueChannel();
      const second = await openLive(own, formatHoldHeaders({ mode: 'stream', channels: [{ name: own }, { name }] }));
      first.abort();
      await until(async () => {
        await proxy.publisher.publish(item(name, 'still'));
        return second.text.includes('still');
      });
      expect(events).toEqual(['+']);
      second.abort();
      await until(() => events.length === 2);
      expect(events).toEqual(['+', '-']);
      for (const stop of unlisten) stop();
    });
  });
}
