import { formatHoldHeaders, type HoldInstruction, type PublishItem, parseLast } from '@asgard/grip';
import { describe, expect, it } from 'vitest';
import { until } from '../../real/until.ts';
import { open } from './client.ts';
import { uniqueChannel } from './instruct-contract.ts';
import { hold } from './origin.ts';
import type { ContractContext } from './proxy-contract.ts';

/** Sequences of items, and the link by which the proxy asks for what is missing. */
export function linkContract(get: () => ContractContext): void {
  const numbered = (channel: string, id: number): PublishItem => ({
    channel,
    id: String(id),
    prevId: String(id - 1),
    format: { kind: 'http-stream', content: `<${id}>` },
  });
  const linked = (name: string, path: string, more: Partial<HoldInstruction['next']> = {}): Record<string, string> =>
    formatHoldHeaders({
      mode: 'stream',
      channels: [{ name, prevId: '0' }],
      next: { uri: path, timeoutSeconds: 60, ...more },
    });
  const path = (): string => `/${crypto.randomUUID()}`;

  describe('follows the next link', () => {
    it('at once when there is no hold, and streams what it finds', async () => {
      const { origin, proxy } = get();
      const next = path();
      origin.on('/first', (_, response) => response.writeHead(200, { 'grip-link': `<${next}>; rel=next` }).end('one '));
      origin.on(next, (_, response) => {
        response.writeHead(200).write('two ');
        setTimeout(() => response.end('three'), 100);
      });
      const client = await open(`${proxy.url}/first`);
      expect(await client.end()).toBe('one two three');
    });

    it('after its time, without the client’s headers, with the last id; an answer without hold ends the stream', async () => {
      const { origin, proxy } = get();
      const [first, next, name] = [path(), path(), uniqueChannel()];
      origin.on(first, hold(linked(name, `${next}?t=1`, { timeoutSeconds: 2 }), '<0>'));
      let asked = 0;
      origin.on(next, (_, response) => {
        asked += 1;
        if (asked === 1) response.writeHead(200, linked(name, `${next}?t=2`, { timeoutSeconds: 2 })).end();
        else response.end('<end>');
      });
      const client = await open(`${proxy.url}${first}`, { headers: { authorization: 'Bearer secret', 'x-own': '1' } });
      expect(await client.end(8_000)).toBe('<0><end>');
      const { method, url, headers } = get().origin.requests.findLast(({ url: each }) => each.startsWith(next)) ?? {};
      expect([method, url]).toEqual(['GET', `${next}?t=2`]);
      expect([headers?.get('authorization'), headers?.get('x-own')]).toEqual([null, null]);
      expect(headers?.get('grip-sig')).toBeTruthy();
      expect(parseLast(headers?.get('grip-last') ?? '')).toEqual([{ channel: name, lastId: '0' }]);
    });

    it('to an absolute address', async () => {
      const { origin, proxy } = get();
      const [first, next, name] = [path(), path(), uniqueChannel()];
      origin.on(first, hold(linked(name, `${origin.url}${next}`, { timeoutSeconds: 1 })));
      origin.on(next, (_, response) => response.end('<end>'));
      expect(await (await open(`${proxy.url}${first}`)).end(8_000)).toBe('<end>');
      expect(
        get()
          .origin.requests.findLast(({ url }) => url === next)
          ?.headers.get('host'),
      ).toBe(new URL(origin.url).host);
    });

    it('again when the origin fails', async () => {
      const { origin, proxy } = get();
      const [first, next, name] = [path(), path(), uniqueChannel()];
      origin.on(first, hold(linked(name, next, { timeoutSeconds: 1 })));
      let asked = 0;
      origin.on(next, (request, response) => {
        asked += 1;
        if (asked === 1) request.socket.destroy();
        else if (asked === 2) response.writeHead(503).end('no');
        else response.end('<end>');
      });
      expect(await (await open(`${proxy.url}${first}`)).end(15_000)).toBe('<end>');
    });

    it('soon when it gets a hint', async () => {
      const { origin, proxy } = get();
      const [first, next, name] = [path(), path(), uniqueChannel()];
      origin.on(first, hold(linked(name, next)));
      let asked = 0;
      origin.on(next, (_, response) => {
        asked += 1;
        response.writeHead(200, linked(name, next)).end(`<${asked}>`);
      });
      const client = await open(`${proxy.url}${first}`);
      // Pushpin asks by itself a second after the subscription; the hint comes after that.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const before = asked;
      await proxy.publisher.publish({ channel: name, format: { kind: 'http-stream', action: 'hint' } });
      await until(() => asked > before, 2_000);
      client.abort();
    });
  });

  describe('numbers', () => {
    it('put in order what comes out of order', async () => {
      const { origin, proxy } = get();
      const [first, name] = [path(), uniqueChannel()];
      let live = false;
      const unlisten = proxy.publisher.monitor.onSubscribe((channel) => {
        live ||= channel === name;
      });
      origin.on(first, hold(linked(name, '/unused')));
      origin.on('/unused', (_, response) => response.writeHead(200, linked(name, '/unused')).end());
      const client = await open(`${proxy.url}${first}`);
      await until(() => live);
      unlisten();
      for (const id of [1, 3, 2]) await proxy.publisher.publish(numbered(name, id));
      await client.has('<3>');
      expect(client.text).toBe('<1><2><3>');
      client.abort();
    });

    it('show a gap: the proxy asks the link for what is missing', async () => {
      const { origin, proxy } = get();
      const [first, next, name] = [path(), path(), uniqueChannel()];
      let live = false;
      const unlisten = proxy.publisher.monitor.onSubscribe((channel) => {
        live ||= channel === name;
      });
      origin.on(first, hold(linked(name, next)));
      origin.on(next, (request, response) => {
        const last = Number(parseLast(String(request.headers['grip-last']))[0]?.lastId);
        const missing = [1, 2, 3].filter((id) => id > last).map((id) => `<${id}>`);
        const headers = formatHoldHeaders({
          mode: 'stream',
          channels: [{ name, prevId: '3' }],
          next: { uri: next, timeoutSeconds: 60 },
        });
        response.writeHead(200, last < 3 ? headers : linked(name, next)).end(missing.join(''));
      });
      const client = await open(`${proxy.url}${first}`);
      await until(() => live);
      unlisten();
      await proxy.publisher.publish(numbered(name, 1));
      await proxy.publisher.publish(numbered(name, 3));
      await client.has('<3>', 10_000);
      expect(client.text).toBe('<1><2><3>');
      client.abort();
    });
  });
}
