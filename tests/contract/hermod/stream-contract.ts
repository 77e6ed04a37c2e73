import { formatHoldBody } from '@asgard/grip';
import { describe, expect, test } from 'vitest';
import { until } from '../../real/until.ts';
import { reply } from './origin.ts';
import { end, type StartProxy, stream, useBench } from './setup.ts';

const SSE = { 'content-type': 'text/event-stream' };

/** Held streams: opening, items, filters, keep-alive, the end. */
export function streamContract(name: string, start: StartProxy): void {
  describe(`GRIP proxy, held streams: ${name}`, () => {
    const bench = useBench(start);
    const hold = (channel: string, more: Record<string, string> = {}): Record<string, string> => ({
      ...SSE,
      'grip-hold': 'stream',
      'grip-channel': channel,
      ...more,
    });

    test.each(['GET', 'POST', 'PUT', 'DELETE'])(
      '%s: first body at once, items in order, end by close',
      async (method) => {
        const { origin, call, channel, publish } = bench();
        const name = channel();
        origin.on('/stream', reply(200, hold(name), ':open\n\n'));
        const answer = await call('/stream', { method, ...(method === 'GET' ? {} : { body: 'x' }) });
        expect(answer).toMatchObject({ status: 200, headers: SSE });
        expect(Object.keys(answer.headers).filter((field) => field.startsWith('grip-'))).toEqual([]);
        expect(answer.headers['content-length']).toBeUndefined();
        await until(() => answer.body === ':open\n\n');
        await publish(stream(name, 'data: 1\n\n'), stream(name, 'data: 2\n\n'), end(name));
        await until(() => answer.state === 'ended');
        expect(answer.body).toBe(':open\n\ndata: 1\n\ndata: 2\n\n');
      },
    );

    test('an empty first body still sends the head', async () => {
      const { origin, call, channel } = bench();
      origin.on('/empty', reply(200, hold(channel())));
      expect((await call('/empty')).status).toBe(200);
    });

    test('content that is not text arrives byte by byte', async () => {
      const { origin, call, channel, publish } = bench();
      const name = channel();
      origin.on('/binary', reply(200, hold(name)));
      const answer = await call('/binary');
      await publish(
        { channel: name, format: { kind: 'http-stream', content: Uint8Array.of(0x41, 0xff, 0x42) } },
        end(name),
      );
      await until(() => answer.state === 'ended');
      expect(answer.body).toBe('A\uFFFDB');
    });

    test('the first holder is told, two share a channel, the last one gone is told', async () => {
      const { origin, call, channel, publish, subscriptions } = bench();
      const name = channel();
      origin.on('/shared', reply(200, hold(name)));
      const [one, two] = [await call('/shared'), await call('/shared')];
      await publish(stream(name, 'both'));
      await until(() => one.body === 'both' && two.body === 'both');
      one.abort();
      await publish(stream(name, '!'));
      await until(() => two.body === 'both!');
      expect(subscriptions.filter((event) => event.endsWith(name))).toEqual([`+${name}`]);
      const left = performance.now();
      two.abort();
      await until(() => subscriptions.includes(`-${name}`));
      expect(performance.now() - left).toBeLessThan(100);
    });

    test('Grip-Status replaces the status; without it the origin’s own passes', async () => {
      const { origin, call, channel } = bench();
      origin.on('/status', reply(200, hold(channel(), { 'grip-status': '202 Odin Accepted' })));
      origin.on('/own', reply(404, hold(channel())));
      expect(await call('/status')).toMatchObject({ status: 202, reason: 'Odin Accepted', state: 'open' });
      expect(await call('/own')).toMatchObject({ status: 404, state: 'open' });
    });

    test('Grip-Expose-Headers is the list of what the client sees', async () => {
      const { origin, call, channel } = bench();
      origin.on(
        '/expose',
        reply(200, hold(channel(), { 'x-seen': '1', 'x-hidden': '2', 'grip-expose-headers': 'X-Seen' })),
      );
      const { headers } = await call('/expose');
      expect(headers).toMatchObject({ 'x-seen': '1' });
      expect(headers).not.toHaveProperty('x-hidden');
    });

    test('the instruction may be the body', async () => {
      const { origin, call, channel, publish } = bench();
      const name = channel();
      const { headers, body } = formatHoldBody(
        { mode: 'stream', channels: [{ name, filters: ['var-subst'] }], meta: { sub: '"ä,;"' } },
        { headers: { 'content-type': 'text/event-stream' }, body: ':open\n\n' },
      );
      origin.on('/instruct', reply(200, headers, body));
      const answer = await call('/instruct');
      expect(answer.headers['content-type']).toBe('text/event-stream');
      await publish(stream(name, '%(sub)s 100%%'), end(name));
      await until(() => answer.state === 'ended');
      expect(answer.body).toBe(':open\n\n"ä,;" 100%');
    });

    test('an instruction that makes no sense is 502', async () => {
      const { origin, call } = bench();
      origin.on('/bad', reply(200, hold('c', { 'grip-hold': 'sideways' }), 'x'));
      origin.on('/bad-mode', reply(200, hold('c', { 'grip-keep-alive': 'x; mode=sometimes' }), 'x'));
      expect((await call('/bad')).status).toBe(502);
      expect((await call('/bad-mode')).status).toBe(502);
    });

    test('var-subst puts each subscriber’s own value into one published item', async () => {
      const { origin, call, channel, publish } = bench();
      const name = channel();
      origin.on('/subst', (response, request) => {
        const id = new URL(request.url ?? '', 'http://o').searchParams.get('id');
        response.writeHead(200, hold(`${name}; filter=var-subst`, { 'grip-set-meta': `sub="${id}"` }));
        response.end();
      });
      const [one, two] = [await call('/subst?id=7'), await call('/subst?id=listen:0')];
      await until(() => one.status === 200 && two.status === 200);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await publish(stream(name, 'id=%(sub)s, 5%%'), end(name));
      await until(() => one.state === 'ended' && two.state === 'ended');
      expect([one.body, two.body]).toEqual(['id=7, 5%', 'id=listen:0, 5%']);
    });

    test('a lone percent sign ends a stream that has var-subst, and no other', async () => {
      const { origin, call, channel, publish } = bench();
      const name = channel();
      origin.on('/percent', reply(200, hold(`${name}; filter=var-subst`, { 'grip-set-meta': 'sub="1"' })));
      origin.on('/no-filter', reply(200, hold(name)));
      const [filtered, plain] = [await call('/percent'), await call('/no-filter')];
      await new Promise((resolve) => setTimeout(resolve, 100));
      await publish(stream(name, '100% sure'));
      await until(() => filtered.state === 'ended' && plain.body === '100% sure');
      expect(filtered.body).toBe('');
      expect(plain.state).toBe('open');
    });

    test('skip-self and require-sub leave subscribers out', async () => {
      const { origin, call, channel, publish } = bench();
      const [name, other] = [channel(), channel()];
      origin.on('/skip', (response, request) => {
        const user = new URL(request.url ?? '', 'http://o').searchParams.get('user');
        response.writeHead(
          200,
          hold(`${name}; filter=skip-self; filter=require-sub`, { 'grip-set-meta': `user="${user}"` }),
        );
        response.end();
      });
      const [me, you] = [await call('/skip?user=me'), await call('/skip?user=you')];
      await new Promise((resolve) => setTimeout(resolve, 100));
      await publish(
        stream(name, 'from me.', { meta: { sender: 'me' } }),
        stream(name, 'needs other.', { meta: { require_sub: other } }),
        stream(name, 'all.'),
        end(name),
      );
      await until(() => me.state === 'ended' && you.state === 'ended');
      expect([me.body, you.body]).toEqual(['all.', 'from me.all.']);
    });

    test('of more than 20 channels the first 20 are held', async () => {
      const { origin, call, channel, publish, subscriptions } = bench();
      const names = Array.from({ length: 22 }, channel);
      origin.on('/many', reply(200, hold(names.join(', '))));
      const answer = await call('/many');
      await publish(stream(names[19] ?? '', '20th'));
      await until(() => answer.body === '20th');
      expect(subscriptions).not.toContain(`+${names[20]}`);
    });

    test('keep-alive: cstring in idle mode, base64 by interval', async () => {
      const { origin, call, channel, publish } = bench();
      const [idle, interval] = [channel(), channel()];
      origin.on('/idle', reply(200, hold(idle, { 'grip-keep-alive': ':\\n\\n; format=cstring; timeout=1' })));
      origin.on(
        '/interval',
        reply(200, hold(interval, { 'grip-keep-alive': 'QQ==; format=base64; timeout=1; mode=interval' })),
      );
      const [one, two] = [await call('/idle'), await call('/interval')];
      await until(() => one.body.startsWith(':\n\n') && two.body.startsWith('A'), 3000);
      await publish(end(idle), end(interval));
    });

    test('a request of more than 100,000 bytes cannot be held', async () => {
      const { origin, call, channel } = bench();
      origin.on('/heavy', reply(200, hold(channel()), 'x'));
      expect((await call('/heavy', { method: 'POST', body: 'x'.repeat(99_000) })).status).toBe(200);
      const refused = await call('/heavy', { method: 'POST', body: 'x'.repeat(101_000) });
      await until(() => refused.state === 'ended');
      expect(refused.status).toBe(400);
      expect(refused.body).toContain('Request too large to accept GRIP instruct.');
      expect((await call('/heavy', { method: 'POST', body: 'x'.repeat(101_000), chunked: true })).status).toBe(400);
    });

    test('first bodies and items of 1 MB arrive whole', async () => {
      const { origin, call, channel, publish } = bench();
      const name = channel();
      origin.on('/big', reply(200, hold(name), 'a'.repeat(1_000_000)));
      const answer = await call('/big');
      await publish(stream(name, 'b'.repeat(1_000_000)), end(name));
      await until(() => answer.state === 'ended');
      expect(answer.body.length).toBe(2_000_000);
    });
  });
}
