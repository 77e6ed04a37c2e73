import { describe, expect, test } from 'vitest';
import type { GatewayClient } from './gateway-client.ts';
import type { Echo } from './service.ts';

/** What the service is told of a request. */
export function forwardingContract(gateway: GatewayClient): void {
  const { call, echo } = gateway;

  describe('headers to the service', () => {
    test.each([
      'X-Userinfo',
      'X-ID-Token',
      'X-Access-Token',
      'X-Credential-Identifier',
      'X-Consumer-Id',
      'X-Consumer-Username',
      'X-Anonymous-Consumer',
    ])('strips %s of the client', async (header) => {
      expect((await echo('/mcp', { headers: { [header]: 'forged' } })).headers).not.toHaveProperty(
        header.toLowerCase(),
      );
    });

    test('keeps Host by default and sends its own when told to', async () => {
      const host = new URL(gateway.url).host;
      expect((await echo('/mcp')).headers.host).toBe(host);
      expect((await echo('/own-host')).headers.host).toBe(new URL(gateway.service.url).host);
    });

    test('overwrites the X-Forwarded family that a client sends', async () => {
      const { headers } = await echo('/mcp', {
        headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-port': '666', 'x-forwarded-proto': 'https' },
      });
      expect(headers['x-forwarded-host']).toBe(new URL(gateway.url).hostname);
      expect(headers['x-forwarded-port']).not.toBe('666');
      expect(headers['x-forwarded-proto']).toBe('http');
    });

    test('appends the client to X-Forwarded-For', async () => {
      const { headers } = await echo('/mcp', { headers: { 'x-forwarded-for': '203.0.113.9' } });
      expect(headers['x-forwarded-for']).toMatch(/^203\.0\.113\.9, .+/);
    });

    test('leaves Authorization, Mcp-*, Grip-* and traceparent alone', async () => {
      const sent = {
        authorization: 'Bearer abc',
        'mcp-method': 'tools/list',
        'mcp-protocol-version': '2026-07-28',
        'grip-sig': 'a.b.c',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      };
      expect((await echo('/mcp', { headers: sent })).headers).toMatchObject(sent);
    });

    test('drops the fields that belong to the connection', async () => {
      const { headers } = await echo('/mcp', { headers: { te: 'trailers', 'proxy-connection': 'keep-alive' } });
      expect(headers).not.toHaveProperty('proxy-connection');
      expect(headers).not.toHaveProperty('te');
    });
  });

  describe('request id', () => {
    test('is made when absent, sent on and echoed', async () => {
      const answer = await call('/mcp');
      const id = answer.headers['x-request-id'];
      expect(id).toMatch(/^[\w-]{16,}$/);
      expect((JSON.parse(answer.body) as Echo).headers['x-request-id']).toBe(id);
    });

    test('of the client is kept', async () => {
      const answer = await call('/mcp', { headers: { 'x-request-id': 'mine-1' } });
      expect(answer.headers['x-request-id']).toBe('mine-1');
      expect((JSON.parse(answer.body) as Echo).headers['x-request-id']).toBe('mine-1');
    });
  });
}
