import { describe, expect, test } from 'vitest';
import type { GatewayClient } from './gateway-client.ts';
import { ALLOWED_ORIGIN } from './routes.ts';

/** What web pages may do. */
export function corsContract(gateway: GatewayClient): void {
  const { call, echo } = gateway;

  describe('CORS', () => {
    test('answers a preflight itself, without a token', async () => {
      const answer = await call('/mcp', {
        method: 'OPTIONS',
        headers: {
          origin: ALLOWED_ORIGIN,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,mcp-method,mcp-param-region',
        },
      });
      expect(answer.status).toBe(200);
      expect(answer.body).toBe('');
      expect(answer.headers['access-control-allow-origin']).toBe(ALLOWED_ORIGIN);
      expect(answer.headers['access-control-allow-methods']).toContain('POST');
      expect(answer.headers['access-control-allow-headers']).toContain('mcp-param-region');
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    });

    test('a foreign origin gets no permission', async () => {
      const headers = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
      const preflight = await call('/mcp', { method: 'OPTIONS', headers });
      const plain = await call('/mcp', { headers });
      for (const { headers: given } of [preflight, plain]) {
        expect(given['access-control-allow-origin']).not.toBe('http://evil.example');
        expect(given['access-control-allow-origin']).not.toBe('*');
      }
      expect(plain.status).toBe(200);
    });

    test('lets scripts read the MCP headers and replaces what the service says', async () => {
      const { headers } = await call('/mcp', { headers: { origin: ALLOWED_ORIGIN } });
      expect(headers['access-control-allow-origin']).toBe(ALLOWED_ORIGIN);
      expect(headers.vary).toMatch(/origin/i);
      for (const field of ['WWW-Authenticate', 'Mcp-Session-Id', 'MCP-Protocol-Version', 'X-Request-Id']) {
        expect(headers['access-control-expose-headers']).toContain(field);
      }
    });

    test('an OPTIONS request that is no preflight goes to the service', async () => {
      expect((await echo('/mcp', { method: 'OPTIONS' })).method).toBe('OPTIONS');
    });
  });
}
