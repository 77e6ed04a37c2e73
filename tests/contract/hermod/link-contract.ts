import { describe, expect, test } from 'vitest';
import { until } from '../../real/until.ts';
import { type Answer, reply, startOrigin } from './origin.ts';
import { end, type StartProxy, stream, useBench } from './setup.ts';

/** Next links: when they are asked, with what, and what their answers do. */
export function linkContract(name: string, start: StartProxy): void {
  describe(`GRIP proxy, links: ${name}`, () => {
    const bench = useBench(start);
    const hold = (channel: string, link?: string, body = ''): Answer =>
      reply(200, { 'grip-hold': 'stream', 'grip-channel': channel, ...(link ? { 'grip-link': link } : {}) }, body);

    test('without a hold the next link is followed at once, its answer streamed, then the end', async () => {
      const { origin, call } = bench();
      origin.on('/first', reply(200, { 'grip-link': '</second?x=1>; rel=next' }, 'one.'));
      origin.on('/second', reply(200, { 'grip-link': '<third>; rel=next' }, 'two.'));
      origin.on('/third', reply(200, {}, 'three.'));
      const answer = await call('/first');
      await until(() => answer.state === 'ended');
      expect(answer.body).toBe('one.two.three.');
      expect(origin.seen('/second')[0]?.path).toBe('/second?x=1');
    });

    test('a new channel is checked after about a second; the answer of the link is the hold from then on', async () => {
      const { origin, call, channel, publish } = bench();
      const name = channel();
      origin.on('/checked', hold(`${name}; prev-id=0`, '</check>; rel=next; timeout=60', 'zero.'));
      origin.on('/check', hold(`${name}; prev-id=2`, '</check>; rel=next; timeout=60', 'one.two.'));
      const began = performance.now();
      const answer = await call('/checked', {
        headers: { authorization: 'Bearer secret', cookie: 'a=b', 'x-other': '1' },
      });
      await until(() => origin.seen('/check').length === 1, 4000);
      expect(performance.now() - began).toBeGreaterThan(800);
      await until(() => answer.body === 'zero.one.two.');
      await publish(stream(name, 'three.', { id: '3', prevId: '2' }), end(name, { id: '4', prevId: '3' }));
      await until(() => answer.state === 'ended');
      expect(answer.body).toBe('zero.one.two.three.');
    });

    test('a link request brings Grip-Sig and Grip-Last, and no header of the client', async () => {
      const { origin } = bench();
      const [seen] = origin.seen('/check');
      expect(seen?.method).toBe('GET');
      expect(seen?.headers).toMatchObject({ 'grip-last': expect.stringMatching(/^contract\.\d+; last-id="?0"?$/) });
      expect(String(seen?.headers['grip-sig']).split('.')).toHaveLength(3);
      for (const field of ['authorization', 'cookie', 'x-other']) expect(seen?.headers).not.toHaveProperty(field);
      expect(seen?.headers.host).toBe(new URL(bench().proxy.url).host);
    });

    test('an item that does not follow makes the proxy ask', async () => {
      const { origin, call, channel, publish } = bench();
      const name = channel();
      origin.on('/gap', hold(`${name}; prev-id=0`, '</gap-next>; rel=next; timeout=60'));
      origin.on('/gap-next', hold(`${name}; prev-id=2`, '</gap-next>; rel=next; timeout=60', 'one.two.'));
      const answer = await call('/gap');
      await publish(stream(name, 'two.', { id: '2', prevId: '1' }));
      await until(() => answer.body === 'one.two.', 4000);
      await publish(stream(name, 'three.', { id: '3', prevId: '2' }));
      await until(() => answer.body === 'one.two.three.');
    });

    test('hint asks now', async () => {
      const { origin, call, channel, publish } = bench();
      const name = channel();
      origin.on('/hinted', hold(name, '</hint-next>; rel=next; timeout=60'));
      origin.on('/hint-next', reply(200, {}, 'bye'));
      const answer = await call('/hinted');
      await publish({ channel: name, format: { kind: 'http-stream', action: 'hint' } });
      await until(() => answer.state === 'ended', 500);
      expect(answer.body).toBe('bye');
    });

    test('items that come during the link are delivered after its answer', async () => {
      const { origin, call, channel, publish } = bench();
      const name = channel();
      let finish: () => void = () => undefined;
      origin.on('/during', hold(`${name}; prev-id=0`, '</during-next>; rel=next; timeout=60'));
      origin.on('/during-next', (response) => {
        response.writeHead(200, {
          'grip-hold': 'stream',
          'grip-channel': `${name}; prev-id=1`,
          'grip-link': '</during-next>; rel=next; timeout=60',
        });
        response.write('one.');
        finish = () => response.end();
      });
      const answer = await call('/during');
      await until(() => answer.body === 'one.', 4000);
      await publish(stream(name, 'one.', { id: '1', prevId: '0' }), stream(name, 'two.', { id: '2', prevId: '1' }));
      await new Promise((resolve) => setTimeout(resolve, 100));
      finish();
      await until(() => answer.body === 'one.two.');
    });

    test('prev-id without a next link ends the stream', async () => {
      const { origin, call, channel } = bench();
      origin.on('/unlinked', hold(`${channel()}; prev-id=0`, undefined, 'x'));
      const answer = await call('/unlinked');
      await until(() => answer.state === 'ended');
      expect(answer.body).toBe('x');
    });

    test('an absolute link goes straight to its host', async () => {
      const { origin, call, channel, publish } = bench();
      const name = channel();
      const other = await startOrigin();
      other.on('/direct', reply(200, {}, 'from the other'));
      origin.on('/absolute', hold(`${name}; prev-id=7`, `<${other.url}/direct?token=t>; rel=next; timeout=60`));
      const answer = await call('/absolute');
      await publish({ channel: name, prevId: '7', id: '8', format: { kind: 'http-stream', action: 'hint' } });
      await until(() => answer.state === 'ended', 4000);
      expect(answer.body).toBe('from the other');
      const [seen] = other.seen('/direct');
      expect(seen?.path).toBe('/direct?token=t');
      expect(seen?.headers.host).toBe(new URL(other.url).host);
      expect(seen?.headers).toHaveProperty('grip-sig');
      expect(seen?.headers).toHaveProperty('grip-last');
      await other.close();
    });

    test('a client that leaves during a link closes the request of the link', async () => {
      const { origin, call } = bench();
      let closed = false;
      origin.on('/leaving', reply(200, { 'grip-link': '</leaving-next>; rel=next' }, 'x'));
      origin.on('/leaving-next', (response) => {
        response.writeHead(200);
        response.write('tick');
        response.once('close', () => {
          closed = true;
        });
      });
      const answer = await call('/leaving');
      await until(() => answer.body === 'xtick');
      answer.abort();
      await until(() => closed, 500);
    });

    test('a gone link is posted when the connection ends', async () => {
      const { origin, call, channel, proxy, publish } = bench();
      if (!proxy.features.has('link:gone')) return;
      const [left, closed] = [channel(), channel()];
      origin.on('/gone', reply(204, {}));
      for (const one of [left, closed]) origin.on(`/${one}`, hold(one, `</gone?c=${one}>; rel=gone`));
      const [leaver] = [await call(`/${left}`), await call(`/${closed}`)];
      leaver?.abort();
      await publish(end(closed));
      await until(() => origin.seen('/gone').length === 2);
      expect(origin.seen('/gone').map(({ method, bodyBytes }) => [method, bodyBytes])).toEqual([
        ['POST', 0],
        ['POST', 0],
      ]);
    });
  });
}
