import { describe, expect, test } from 'vitest';
import type { GatewayClient } from './gateway-client.ts';

/** Which request goes where. */
export function routesContract(gateway: GatewayClient): void {
  const { call, echo } = gateway;

  describe('routes', () => {
    test('keeps path, query, method and body', async () => {
      const seen = await echo('/mcp?a=1%202', { method: 'POST', body: 'x'.repeat(1000) });
      expect(seen).toMatchObject({ method: 'POST', url: '/mcp?a=1%202', bodyBytes: 1000 });
    });

    test('matches a path by prefix, the well-known suffix form included', async () => {
      expect((await echo('/.well-known/oauth-protected-resource')).url).toBe('/.well-known/oauth-protected-resource');
      expect((await echo('/.well-known/oauth-protected-resource/mcp')).url).toBe(
        '/.well-known/oauth-protected-resource/mcp',
      );
    });

    test('strips the prefix when told to and says so', async () => {
      const seen = await echo('/heimdall/users?x=1');
      expect(seen.url).toBe('/users?x=1');
      expect(seen.headers['x-forwarded-prefix']).toBe('/heimdall');
      expect((await echo('/mcp')).headers['x-forwarded-prefix']).toBeUndefined();
    });

    test('serves the bare prefix too', async () => {
      expect((await echo('/heimdall')).url).toBe('/');
    });

    test('the longest prefix wins, an exact path over any prefix', async () => {
      expect((await echo('/heimdall/realms/a')).url).toBe('/realms-service/heimdall/realms/a');
      expect((await echo('/mcp/exact')).url).toBe('/exactly/mcp/exact');
      expect((await echo('/mcp/exact/more')).url).toBe('/mcp/exact/more');
    });

    test('routes a tool call by its Mcp-Method and Mcp-Name headers', async () => {
      const headers = { 'mcp-method': 'tools/call', 'mcp-name': 'ADMIN_drop' };
      expect((await echo('/mcp', { method: 'POST', headers })).url).toBe('/admin/mcp');
      expect((await echo('/mcp', { method: 'POST', headers: { ...headers, 'mcp-name': 'echo' } })).url).toBe('/mcp');
      expect((await echo('/mcp', { method: 'GET', headers })).url).toBe('/mcp');
    });

    test('answers 404 with message and request id when nothing matches', async () => {
      const answer = await call('/nowhere');
      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.body)).toEqual({ message: expect.any(String), request_id: expect.any(String) });
    });

    test('dot segments do not lead to another route', async () => {
      expect((await call('/nowhere/../mcp')).status).toBe(200);
      expect((await call('/mcp/../nowhere')).status).toBe(404);
      expect((await call('/mcp/%2e%2e/nowhere')).status).toBe(404);
    });
  });
}
