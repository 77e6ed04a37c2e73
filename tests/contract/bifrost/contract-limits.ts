import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { GatewayClient } from './gateway-client.ts';
import { ALLOWED_ORIGIN } from './routes.ts';

/** What the gateway refuses by itself. */
export function limitsContract(gateway: GatewayClient): void {
  const { call, echo } = gateway;

  describe('rules', () => {
    test('a denied tool is answered by the gateway', async () => {
      const headers = { 'mcp-method': 'tools/call', 'mcp-name': 'drop_everything', origin: ALLOWED_ORIGIN };
      const answer = await call('/mcp', { method: 'POST', headers, body: '{}' });
      expect(answer.status).toBe(403);
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
      expect(answer.headers['access-control-allow-origin']).toBe(ALLOWED_ORIGIN);
      expect(JSON.parse(answer.body)).toMatchObject({ error: { code: -32_003 } });
    });

    test('one request more than a minute allows is 429, with when to come back', async () => {
      const answers = [];
      // A window may end between two of them, so one limit is used up twice at the most.
      for (let at = 0; at < 5; at += 1) answers.push(await call('/limited'));
      expect(answers.slice(0, 1).map(({ status }) => status)).toEqual([200]);
      const refused = answers.find(({ status }) => status === 429);
      expect(JSON.parse(refused?.body ?? '{}')).toMatchObject({ message: 'API rate limit exceeded' });
      expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
      expect(refused?.headers['ratelimit-limit']).toBe('2');
    });
  });

  describe('limits', () => {
    test('a token of 14 kB passes', async () => {
      const authorization = `Bearer ${'t'.repeat(14_000)}`;
      expect((await echo('/mcp', { headers: { authorization } })).headers.authorization).toBe(authorization);
    });

    test('a header block that is far too large is refused with 400', async () => {
      const answer = await call('/mcp', { headers: { authorization: 't'.repeat(70_000) } });
      expect(answer.status).toBe(400);
    });

    test('4 MB pass, more is 413', async () => {
      expect((await echo('/mcp', { method: 'POST', body: Buffer.alloc(4_000_000) })).bodyBytes).toBe(4_000_000);
      const answer = await tooLarge(gateway.url, { 'content-length': '5000000' });
      expect(answer).toBe(413);
    });
  });
}

/** Sends the head only, as a careful client with `Expect` would, and reads the refusal. */
function tooLarge(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${url}/mcp`,
      { method: 'POST', agent: false, headers: { ...headers, expect: '100-continue' } },
      (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      },
    );
    request.once('continue', () => request.end(Buffer.alloc(5_000_000)));
    request.once('error', reject);
    request.flushHeaders();
  });
}
