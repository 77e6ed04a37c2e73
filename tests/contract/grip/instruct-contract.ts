import { formatHoldBody, formatHoldHeaders, type HoldInstruction } from '@asgard/grip';
import { describe, expect, it } from 'vitest';
import { until } from '../../real/until.ts';
import { open } from './client.ts';
import { hold } from './origin.ts';
import type { ContractContext } from './proxy-contract.ts';

/** A channel that no other test has. */
export function uniqueChannel(): string {
  return `test.${crypto.randomUUID()}`;
}

/** What the proxy makes of the origin's instructions. */
export function instructContract(get: () => ContractContext): void {
  const stream = (more: Partial<HoldInstruction> = {}): Record<string, string> =>
    formatHoldHeaders({ mode: 'stream', channels: [{ name: uniqueChannel() }], ...more });

  describe('holds', () => {
    it.each(['GET', 'POST', 'DELETE'])('a %s with its body sent at once', async (method) => {
      const { origin, proxy } = get();
      origin.on('/hold', hold(stream(), 'data: first\n\n'));
      const client = await open(`${proxy.url}/hold`, { method });
      await client.has('data: first\n\n', 500);
      expect([client.status, client.state, client.headers.get('content-type')]).toEqual([
        200,
        'open',
        'text/event-stream',
      ]);
      client.abort();
    });

    it('with headers at once when there is no body', async () => {
      const { origin, proxy } = get();
      origin.on('/hold', hold(stream()));
      const client = await open(`${proxy.url}/hold`, { body: '{}' });
      expect([client.state, client.text]).toEqual(['open', '']);
      client.abort();
    });

    it('and lets no Grip-* header of the origin out', async () => {
      const { origin, proxy } = get();
      const headers = stream({ keepAlive: { data: 'x', mode: 'idle', timeoutSeconds: 30 }, meta: { a: 'b' } });
      origin.on('/hold', hold({ ...headers, 'x-kept': '1' }));
      const client = await open(`${proxy.url}/hold`);
      expect([...client.headers.keys()].filter((name) => name.startsWith('grip'))).toEqual([]);
      expect(client.headers.get('x-kept')).toBe('1');
      client.abort();
    });

    it('with the status and the exposed headers that it is told', async () => {
      const { origin, proxy } = get();
      origin.on(
        '/hold',
        hold({
          ...stream({ status: { code: 202, reason: 'Held' }, exposeHeaders: ['x-one'] }),
          'x-one': '1',
          'x-two': '2',
        }),
      );
      const client = await open(`${proxy.url}/hold`);
      expect([client.status, client.headers.get('x-one'), client.headers.get('x-two')]).toEqual([202, '1', null]);
      client.abort();
    });

    it('with the origin’s own status otherwise', async () => {
      const { origin, proxy } = get();
      origin.on('/hold', hold(stream(), 'x', 404));
      const client = await open(`${proxy.url}/hold`);
      await client.has('x');
      expect([client.status, client.state]).toEqual([404, 'open']);
      client.abort();
    });

    it.each(['raw', 'cstring', 'base64'])('with keep-alives in the format %s', async (format) => {
      const { origin, proxy } = get();
      const data = { raw: ':raw', cstring: ':c\\n\\n', base64: 'OmIKCg==' }[format];
      origin.on('/hold', hold({ ...stream(), 'grip-keep-alive': `${data}; format=${format}; timeout=1; mode=idle` }));
      const client = await open(`${proxy.url}/hold`);
      await client.has(format === 'raw' ? ':raw' : format === 'cstring' ? ':c\n\n' : ':b\n\n', 3_000);
      client.abort();
    });

    it('with keep-alives at an interval, also while items come', async () => {
      const { origin, proxy } = get();
      const name = uniqueChannel();
      const keepAlive = { data: ':i\n\n', mode: 'interval', timeoutSeconds: 1 } as const;
      origin.on('/hold', hold(formatHoldHeaders({ mode: 'stream', channels: [{ name }], keepAlive })));
      const client = await open(`${proxy.url}/hold`);
      const busy = setInterval(() => {
        void proxy.publisher.publish({ channel: name, format: { kind: 'http-stream', content: 'x' } });
      }, 200);
      await client.has(':i\n\n', 3_000).finally(() => clearInterval(busy));
      client.abort();
    });

    it('by a grip-instruct body, with meta that no header could carry', async () => {
      const { origin, proxy } = get();
      const name = uniqueChannel();
      const instruction: HoldInstruction = {
        mode: 'stream',
        channels: [{ name, filters: ['var-subst'] }],
        meta: { sub: '"ünï\\n%(x)s,;"' },
        status: { code: 201 },
        keepAlive: { data: ':k\n\n', mode: 'idle', timeoutSeconds: 1 },
      };
      const { headers, body } = formatHoldBody(instruction, {
        headers: { 'content-type': 'text/event-stream' },
        body: 'ack\n\n',
      });
      origin.on('/body', (_, response) => response.writeHead(200, headers).end(body));
      const client = await open(`${proxy.url}/body`);
      await client.has('ack\n\n');
      expect([client.status, client.headers.get('content-type')]).toEqual([201, 'text/event-stream']);
      await until(async () => {
        await proxy.publisher.publish({ channel: name, format: { kind: 'http-stream', content: '<%(sub)s %%>' } });
        return client.text.includes('<');
      });
      expect(client.text).toContain('<"ünï\\n%(x)s,;" %>');
      await client.has(':k\n\n', 3_000);
      client.abort();
    });

    it('only after the origin has ended its response', async () => {
      const { origin, proxy } = get();
      origin.on('/late', (_, response) => {
        response.writeHead(200, stream()).write('data: early\n\n');
        setTimeout(() => response.end(), 200);
      });
      const start = performance.now();
      const client = await open(`${proxy.url}/late`);
      expect(performance.now() - start).toBeGreaterThan(150);
      client.abort();
    });

    it('not at all with an unknown mode: 502', async () => {
      const { origin, proxy } = get();
      origin.on('/hold', hold({ 'grip-hold': 'later', 'grip-channel': 'a' }));
      expect((await open(`${proxy.url}/hold`)).status).toBe(502);
    });

    it('a body of 90,000 bytes, and answers 400 to one over 100,000 although the origin ran it', async () => {
      const { origin, proxy } = get();
      origin.on('/hold', hold(stream(), 'x'));
      const fits = await open(`${proxy.url}/hold`, { body: 'x'.repeat(90_000) });
      await fits.has('x');
      expect([fits.status, fits.state]).toEqual([200, 'open']);
      fits.abort();
      const count = origin.requests.length;
      const large = await open(`${proxy.url}/hold`, { body: 'x'.repeat(150_000) });
      expect([large.status, origin.requests.length]).toEqual([400, count + 1]);
    });
  });
}
