import { createSigVerifier, parseFeatures } from '@asgard/grip';
import { describe, expect, it } from 'vitest';
import { until } from '../../real/until.ts';
import { open, send } from './client.ts';
import type { ContractContext } from './proxy-contract.ts';

/** Requests without a hold. */
export function passThroughContract(get: () => ContractContext): void {
  describe('passes through', () => {
    it('a request and its JSON answer, with status and headers', async () => {
      const { origin, proxy } = get();
      origin.on('/json', async (request, response) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        response.writeHead(201, { 'content-type': 'application/json', 'mcp-session-id': 's' }).end(`{"got":${body}}`);
      });
      const answer = await open(`${proxy.url}/json?a=1`, { body: '"x"', headers: { authorization: 'Bearer t' } });
      expect([answer.status, await answer.end(), answer.headers.get('mcp-session-id')]).toEqual([
        201,
        '{"got":"x"}',
        's',
      ]);
      const seen = origin.requests.at(-1);
      expect([seen?.method, seen?.url, seen?.headers.get('authorization')]).toEqual(['POST', '/json?a=1', 'Bearer t']);
    });

    it('a stream as it is written', async () => {
      const { origin, proxy } = get();
      let write: (text: string) => void = () => undefined;
      origin.on('/stream', (_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        write = (text) => (text === '' ? response.end() : response.write(text));
        write('data: 0\n\n');
      });
      const client = await open(`${proxy.url}/stream`);
      for (let event = 0; event < 5; event++) {
        await client.has(`data: ${event}\n\n`, 500);
        write(event < 4 ? `data: ${event + 1}\n\n` : '');
      }
      expect(await client.end()).toBe('data: 0\n\ndata: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n');
    });

    it.each(['in a stream', 'before any answer'])('the client’s abort to the origin, %s', async (when) => {
      const { origin, proxy } = get();
      let arrived = false;
      let aborted = 0;
      origin.on('/abort', (_, response) => {
        arrived = true;
        if (when === 'in a stream') response.writeHead(200).write('x');
        response.on('close', () => {
          aborted = performance.now();
        });
      });
      const client = send(`${proxy.url}/abort`);
      await until(() => arrived);
      if (when === 'in a stream') await client.answer;
      const start = performance.now();
      client.abort();
      await until(() => aborted > 0, 1_000);
      expect(aborted - start).toBeLessThan(500);
    });
  });

  describe('signs', () => {
    it('each request, and says what it can do', async () => {
      const { origin, proxy, key, issuer } = get();
      origin.on('/plain', (_, response) => response.end('x'));
      await (await open(`${proxy.url}/plain`)).end();
      const headers = origin.requests.at(-1)?.headers;
      expect(await createSigVerifier({ keys: [key], issuer }).verify(headers?.get('grip-sig'))).toBe(true);
      const features = parseFeatures(headers?.get('grip-feature') ?? null);
      for (const feature of ['status', 'link:next', 'filter:var-subst']) expect(features.has(feature)).toBe(true);
    });

    it('and takes every Grip-* header of the client away', async () => {
      const { origin, proxy, key } = get();
      origin.on('/plain', (_, response) => response.end('x'));
      const forged = { 'grip-sig': 'a.b.c', 'grip-last': 'a; last-id=1', 'grip-hold': 'stream', 'grip-feature': 'all' };
      await (await open(`${proxy.url}/plain`, { headers: forged })).end();
      const headers = origin.requests.at(-1)?.headers;
      expect(await createSigVerifier({ keys: [key] }).verify(headers?.get('grip-sig'))).toBe(true);
      expect([headers?.get('grip-last'), headers?.get('grip-hold')]).toEqual([null, null]);
      expect(headers?.get('grip-feature')).not.toContain('all');
    });
  });
}
