import { describe, expect, test } from 'vitest';
import { until } from '../../real/until.ts';
import { reply } from './origin.ts';
import { type StartProxy, useBench } from './setup.ts';

/** Held responses: one answer later, or the stored one at the timeout. */
export function responseContract(name: string, start: StartProxy): void {
  describe(`GRIP proxy, held responses: ${name}`, () => {
    const bench = useBench(start);

    test('an http-response item is the answer', async () => {
      const { origin, proxy, channel, publish } = bench();
      const name = channel();
      origin.on(
        '/later',
        reply(200, { 'grip-hold': 'response', 'grip-channel': name, 'x-stored': '1', 'x-both': 'old' }, 'stored'),
      );
      const pending = fetch(`${proxy.url}/later`);
      await publish({
        channel: name,
        format: {
          kind: 'http-response',
          code: 201,
          reason: 'Made',
          headers: { 'X-Both': 'new' },
          body: '{"late":true}',
        },
      });
      const response = await pending;
      expect([response.status, response.statusText, await response.text()]).toEqual([201, 'Made', '{"late":true}']);
      expect(response.headers.get('x-stored')).toBe('1');
      expect(response.headers.get('x-both')).toBe('new');
    });

    test('a stream item does not answer a held response', async () => {
      const { origin, proxy, channel, publish } = bench();
      const name = channel();
      origin.on('/other-kind', reply(200, { 'grip-hold': 'response', 'grip-channel': name }, 'stored'));
      const pending = fetch(`${proxy.url}/other-kind`);
      await publish(
        { channel: name, format: { kind: 'http-stream', content: 'no' } },
        { channel: name, format: { kind: 'http-response', body: 'yes' } },
      );
      expect(await (await pending).text()).toBe('yes');
    });

    test('the client may leave', async () => {
      const { origin, channel, proxy, held } = bench();
      const name = channel();
      origin.on('/left', reply(200, { 'grip-hold': 'response', 'grip-channel': name }, 'stored'));
      const controller = new AbortController();
      const pending = fetch(`${proxy.url}/left`, { signal: controller.signal }).catch((error: Error) => error.name);
      await held(name);
      controller.abort();
      expect(await pending).toBe('AbortError');
      await until(() => true);
    });
  });
}
