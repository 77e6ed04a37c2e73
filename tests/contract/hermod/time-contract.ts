import { describe, expect, test } from 'vitest';
import { until } from '../../real/until.ts';
import { type Answer, reply } from './origin.ts';
import { type StartProxy, stream, useBench } from './setup.ts';

/** What takes seconds at a real proxy: waits, timeouts, retries. All at the same time. */
export function timeContract(name: string, start: StartProxy): void {
  describe(`GRIP proxy, time: ${name}`, () => {
    const bench = useBench(start);
    const hold = (channel: string, link: string, body = ''): Answer =>
      reply(200, { 'grip-hold': 'stream', 'grip-channel': channel, 'grip-link': link }, body);

    test.concurrent('at the timeout the stored answer goes out', { timeout: 15_000 }, async () => {
      const { origin, proxy, channel } = bench();
      const headers = { 'grip-hold': 'response', 'grip-channel': channel(), 'grip-timeout': '5', 'x-stored': '1' };
      origin.on('/timeout', reply(202, headers, 'nothing came'));
      const began = performance.now();
      const response = await fetch(`${proxy.url}/timeout`);
      expect([response.status, await response.text()]).toEqual([202, 'nothing came']);
      expect(performance.now() - began).toBeGreaterThan(4500);
    });

    test.concurrent('a gap that nobody fills is waited for 5 s', { timeout: 15_000 }, async () => {
      const { origin, call, channel, publish } = bench();
      const name = channel();
      origin.on(`/${name}`, reply(200, { 'grip-hold': 'stream', 'grip-channel': name }));
      const answer = await call(`/${name}`);
      await publish(stream(name, 'one.', { id: 'a' }), stream(name, 'three.', { id: 'c', prevId: 'b' }));
      const published = performance.now();
      await until(() => answer.body === 'one.three.', 8000);
      expect(performance.now() - published).toBeGreaterThan(4000);
    });

    test.concurrent('the link is asked each timeout while nothing comes', { timeout: 15_000 }, async () => {
      const { origin, call, channel } = bench();
      const name = channel();
      origin.on('/timed', hold(name, '</timed-next>; rel=next; timeout=2'));
      origin.on('/timed-next', hold(name, '</timed-next>; rel=next; timeout=2', '.'));
      const answer = await call('/timed');
      await until(() => origin.seen('/timed-next').length >= 3, 10_000);
      await until(() => answer.body.length >= 3);
      const [, second, third] = origin.seen('/timed-next');
      expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThan(1500);
    });

    test.concurrent('an answer that is not 2xx is tried again', { timeout: 20_000 }, async () => {
      const { origin, call, channel, held } = bench();
      const name = channel();
      let failures = 0;
      origin.on('/failing', hold(name, '</failing-next>; rel=next; timeout=60'));
      origin.on('/failing-next', (response, request) => {
        failures += 1;
        if (failures < 3) reply(503, {}, 'not now')(response, request);
        else reply(200, {}, 'at last')(response, request);
      });
      const answer = await call('/failing');
      await held(name);
      await until(() => answer.state === 'ended', 12_000);
      expect(answer.body).toBe('at last');
      const [first, second, third] = origin.seen('/failing-next');
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(900);
      expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThan(1900);
    });
  });
}
