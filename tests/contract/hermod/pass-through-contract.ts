import { createSigVerifier } from '@asgard/grip';
import { describe, expect, test } from 'vitest';
import { until } from '../../real/until.ts';
import { reply } from './origin.ts';
import { type StartProxy, useBench } from './setup.ts';

/** A GRIP proxy in front of answers that do not speak to it, and what it tells the origin. */
export function passThroughContract(name: string, start: StartProxy): void {
  describe(`GRIP proxy, pass-through: ${name}`, () => {
    const bench = useBench(start);

    test('passes method, path, query, headers and body on, and the answer back', async () => {
      const { origin, call } = bench();
      origin.on(
        '/echo',
        reply(207, { 'content-type': 'text/x-odd', 'x-one': '1', 'set-cookie': ['a=1', 'b=2'] }, 'body'),
      );
      const answer = await call('/echo?a=%20b', {
        method: 'PUT',
        headers: { 'x-mine': 'yes', authorization: 'Bearer t' },
        body: 'z'.repeat(5000),
      });
      await until(() => answer.state === 'ended');
      expect(answer).toMatchObject({ status: 207, body: 'body' });
      expect(answer.headers).toMatchObject({
        'content-type': 'text/x-odd',
        'x-one': '1',
        'set-cookie': ['a=1', 'b=2'],
      });
      expect(origin.seen('/echo')[0]).toMatchObject({
        method: 'PUT',
        path: '/echo?a=%20b',
        bodyBytes: 5000,
        headers: { 'x-mine': 'yes', authorization: 'Bearer t', host: new URL(bench().proxy.url).host },
      });
    });

    test('signs every request: HS256, issuer, one hour', async () => {
      const { origin, call, proxy } = bench();
      origin.on('/signed', reply(200, {}, 'ok'));
      await call('/signed');
      const token = String(origin.seen('/signed')[0]?.headers['grip-sig']);
      const verifier = createSigVerifier({ keys: [proxy.key], issuer: proxy.issuer });
      expect(await verifier.verify(token)).toBe(true);
      const [header = '', claims = ''] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
      expect(JSON.parse(header)).toMatchObject({ alg: 'HS256' });
      const { exp } = JSON.parse(claims) as { exp: number };
      expect(Math.abs(exp - Date.now() / 1000 - 3600)).toBeLessThan(5);
    });

    test('tells what it can do', async () => {
      const { origin, call } = bench();
      origin.on('/features', reply(200, {}, 'ok'));
      await call('/features');
      const features = String(origin.seen('/features')[0]?.headers['grip-feature']);
      for (const feature of ['status', 'link:next', 'filter:var-subst']) expect(features).toContain(feature);
    });

    test('strips every Grip-* header of a client', async () => {
      const { origin, call, proxy } = bench();
      origin.on('/forged', reply(200, {}, 'ok'));
      await call('/forged', { headers: { 'grip-sig': 'forged', 'Grip-Last': 'c; last-id=1', 'grip-anything': 'x' } });
      const headers = origin.seen('/forged')[0]?.headers ?? {};
      expect(headers).not.toHaveProperty('grip-last');
      expect(headers).not.toHaveProperty('grip-anything');
      const verifier = createSigVerifier({ keys: [proxy.key], issuer: proxy.issuer });
      expect(await verifier.verify(String(headers['grip-sig']))).toBe(true);
    });

    test('never shows Grip-* of the origin to a client, even without a hold', async () => {
      const { origin, call } = bench();
      origin.on('/leak', reply(200, { 'grip-set-meta': 'a="b"', 'grip-status': '202 Fine' }, 'plain'));
      const answer = await call('/leak');
      await until(() => answer.state === 'ended');
      expect(answer).toMatchObject({ status: 202, body: 'plain' });
      expect(Object.keys(answer.headers).filter((field) => field.startsWith('grip-'))).toEqual([]);
    });

    test('drops a forged X-Forwarded-Proto', async () => {
      const { origin, call } = bench();
      origin.on('/proto', reply(200, {}, 'ok'));
      await call('/proto', { headers: { 'x-forwarded-proto': 'https' } });
      expect(origin.seen('/proto')[0]?.headers['x-forwarded-proto']).not.toBe('https');
    });

    test('streams live in both directions of time: head at once, then each chunk', async () => {
      const { origin, call } = bench();
      origin.on('/live', (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.flushHeaders();
        let count = 0;
        const timer = setInterval(() => {
          count += 1;
          response.write(`data: ${count}\n\n`);
          if (count === 5) {
            clearInterval(timer);
            response.end();
          }
        }, 100);
      });
      const answer = await call('/live');
      await until(() => answer.state === 'ended');
      expect(answer.body).toBe([1, 2, 3, 4, 5].map((count) => `data: ${count}\n\n`).join(''));
      const gaps = answer.chunks.slice(1).map(({ at }, index) => at - (answer.chunks[index]?.at ?? 0));
      expect(answer.chunks.length).toBe(5);
      expect(Math.max(...gaps)).toBeLessThan(300);
    });

    test('a client that leaves closes the origin’s connection in well under 100 ms', async () => {
      const { origin, call } = bench();
      let closedAt = 0;
      origin.on('/leave', (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: 1\n\n');
        response.once('close', () => {
          closedAt = performance.now();
        });
      });
      const answer = await call('/leave');
      await until(() => answer.body !== '');
      const left = performance.now();
      answer.abort();
      await until(() => closedAt > 0);
      expect(closedAt - left).toBeLessThan(100);
    });

    test('a client that leaves before the answer closes it too', async () => {
      const { origin, proxy } = bench();
      let closed = false;
      origin.on('/pending', (response) => {
        response.once('close', () => {
          closed = true;
        });
      });
      const controller = new AbortController();
      const pending = fetch(`${proxy.url}/pending`, { signal: controller.signal }).catch(() => undefined);
      await until(() => origin.seen('/pending').length === 1);
      controller.abort();
      await pending;
      await until(() => closed, 500);
    });

    test('a chunked answer that breaks off looks complete to the client', async () => {
      const { origin, call } = bench();
      origin.on('/broken', (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('half');
        setTimeout(() => response.destroy(), 50);
      });
      const answer = await call('/broken');
      await until(() => answer.state !== 'open');
      // So whoever streams without a hold must make the end of a stream visible inside it.
      expect(answer).toMatchObject({ state: 'ended', body: 'half' });
    });

    test('one of known length breaks off', async () => {
      const { origin, call } = bench();
      origin.on('/short', (response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half');
        setTimeout(() => response.destroy(), 50);
      });
      const answer = await call('/short');
      await until(() => answer.state === 'broken');
    });

    test('large bodies pass both ways when nothing is held', async () => {
      const { origin, call } = bench();
      const large = Buffer.alloc(2_000_000, 'x');
      origin.on('/large', reply(200, {}, large));
      const answer = await call('/large', { method: 'POST', body: large });
      await until(() => answer.state === 'ended');
      expect(answer.body.length).toBe(large.length);
      expect(origin.seen('/large')[0]?.bodyBytes).toBe(large.length);
    });

    test('HEAD, 204 and 304 have no body', async () => {
      const { origin, call } = bench();
      origin.on('/none', reply(204, {}));
      origin.on('/same', reply(304, { etag: '"1"' }));
      origin.on('/head', reply(200, { 'content-length': '4' }, 'abcd'));
      for (const [path, status, method] of [
        ['/none', 204, 'GET'],
        ['/same', 304, 'GET'],
        ['/head', 200, 'HEAD'],
      ] as const) {
        const answer = await call(path, { method });
        await until(() => answer.state === 'ended');
        expect(answer).toMatchObject({ status, body: '' });
      }
    });
  });
}

/** With an origin that does not exist. */
export function deadOriginContract(name: string, start: StartProxy): void {
  describe(`GRIP proxy without an origin: ${name}`, () => {
    test('answers 502', async () => {
      const proxy = await start('http://127.0.0.1:1');
      const response = await fetch(`${proxy.url}/x`);
      expect(response.status).toBe(502);
      await proxy.close();
    });
  });
}
