import { describe, expect, test } from 'vitest';
import { until } from '../../real/until.ts';
import { reply } from './origin.ts';
import { end, type StartProxy, stream, useBench } from './setup.ts';

/** Ids: what comes twice, what comes early, and publishing by HTTP and by two sockets. */
export function sequenceContract(name: string, start: StartProxy): void {
  describe(`GRIP proxy, order of items: ${name}`, () => {
    const bench = useBench(start);
    const open = async (channel: string): Promise<ReturnType<ReturnType<typeof bench>['call']>> => {
      bench().origin.on(`/${channel}`, reply(200, { 'grip-hold': 'stream', 'grip-channel': channel }));
      return bench().call(`/${channel}`);
    };

    test('an id counts once', async () => {
      const { channel, publish } = bench();
      const name = channel();
      const answer = await open(name);
      await publish(
        stream(name, 'a', { id: '1' }),
        stream(name, 'again', { id: '1' }),
        stream(name, 'b', { id: '2' }),
        end(name),
      );
      await until(() => answer.state === 'ended');
      expect(answer.body).toBe('ab');
    });

    test('items that come too early wait for the one before', async () => {
      const { channel, publish } = bench();
      const name = channel();
      const answer = await open(name);
      await publish(
        stream(name, 'one.', { id: 'a' }),
        end(name, { id: 'e', prevId: 'd' }),
        stream(name, 'four.', { id: 'd', prevId: 'c' }),
        stream(name, 'three.', { id: 'c', prevId: 'b' }),
        stream(name, 'two.', { id: 'b', prevId: 'a' }),
      );
      await until(() => answer.state === 'ended');
      expect(answer.body).toBe('one.two.three.four.');
    });

    test('no-seq is delivered at once', async () => {
      const { channel, publish } = bench();
      const name = channel();
      const answer = await open(name);
      await publish(
        stream(name, 'one.', { id: 'a' }),
        stream(name, 'three.', { id: 'c', prevId: 'b' }),
        stream(name, 'now.', { id: 'x', prevId: 'w', noSeq: true }),
      );
      await until(() => answer.body === 'one.now.');
    });

    test('POST /publish/ takes items, all or none', async () => {
      const { channel, proxy, held } = bench();
      if (!proxy.publish) return;
      const { url, token } = proxy.publish;
      const name = channel();
      const answer = await open(name);
      await held(name);
      const post = (body: string): Promise<Response> =>
        fetch(`${url}/publish/`, { method: 'POST', body, headers: token ? { authorization: `Bearer ${token}` } : {} });
      const item = { channel: name, formats: { 'http-stream': { content: 'http' } } };
      expect((await post(JSON.stringify({ items: [item, { channel: name, formats: 1 }] }))).status).toBe(400);
      expect((await post('not json')).status).toBe(400);
      const done = await post(
        JSON.stringify({ items: [item, { channel: name, formats: { 'http-stream': { action: 'close' } } }] }),
      );
      expect([done.status, await done.text()]).toEqual([200, 'Published\n']);
      await until(() => answer.state === 'ended');
      expect(answer.body).toBe('http');
    });

    test('a publisher that connects late hears of every channel that is held', async () => {
      const { channel, proxy, held } = bench();
      const { createXpubPublisher } = await import('@asgard/grip/zeromq');
      const name = channel();
      await open(name);
      await held(name);
      const late = createXpubPublisher({ urls: [proxy.subscriberUrl] });
      const heard: string[] = [];
      late.monitor.onSubscribe((one) => heard.push(one));
      await late.ready();
      await until(() => heard.includes(name));
      await late.close();
    });
  });
}
