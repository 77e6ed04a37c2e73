import { describe, expect, test } from 'vitest';
import type { Answer, GatewayClient } from './gateway-client.ts';

/** What of a registration reaches the issuer. */
export function registrationContract(gateway: GatewayClient): void {
  const { call, echo } = gateway;
  const headers = { 'content-type': 'application/json' };
  const post = (body: unknown, method = 'POST'): Promise<Answer> =>
    call('/registration', { method, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

  describe('registration', () => {
    test.each(['POST', 'PUT'])('%s: lets through what is on the list, and nothing else', async (method) => {
      const kept = {
        client_name: 'Ratatoskr \u00e4 "quoted"',
        redirect_uris: ['http://127.0.0.1:1/callback'],
        token_endpoint_auth_method: 'none',
      };
      const sent = {
        ...kept,
        grant_types: ['authorization_code', 'client_credentials', 'refresh_token'],
        scope: 'openid notes:read',
        jwks_uri: 'http://store:6379/',
        jwks: { keys: [] },
        backchannel_logout_uri: 'http://store:6379/',
        request_uris: ['http://store:6379/'],
        sector_identifier_uri: 'http://store:6379/',
        attributes: { 'access.token.lifespan': '36000' },
        protocolMappers: [{ name: 'x' }],
      };
      const answer = await post(sent, method);
      expect(answer.status).toBe(200);
      const { text, headers: seen } = JSON.parse(answer.body) as { text: string; headers: Record<string, string> };
      expect(JSON.parse(text)).toEqual({ ...kept, grant_types: ['authorization_code', 'refresh_token'] });
      expect(seen['content-type']).toMatch(/^application\/json/);
      expect(seen['content-length'] ?? String(Buffer.byteLength(text))).toBe(String(Buffer.byteLength(text)));
    });

    test('of a member that is there twice only what was checked goes on', async () => {
      const answer = await post(
        '{"grant_types":["authorization_code"],"scope":"a","grant_types":["client_credentials"]}',
      );
      expect([400, 200]).toContain(answer.status);
      expect(answer.body).not.toContain('client_credentials');
    });

    test.each([
      [{ token_endpoint_auth_method: 'private_key_jwt' }],
      [{ token_endpoint_auth_method: null }],
      [{ token_endpoint_auth_method: ['private_key_jwt'] }],
      [{ grant_types: ['client_credentials'] }],
      [{ grant_types: [] }],
      [{ grant_types: { 1: 'authorization_code' } }],
      ['{'],
      ['[]'],
      ['[{"grant_types":["authorization_code"]}]'],
      ['"text"'],
      [''],
    ])('refuses %j', async (body) => {
      const answer = await post(body);
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body)).toMatchObject({
        error: 'invalid_client_metadata',
        error_description: expect.any(String),
      });
    });

    test('refuses more than any client has to say, whether its size is said or not', async () => {
      expect((await post({ client_name: 'x'.repeat(20_000) })).status).toBe(413);
      const chunked = { ...headers, 'transfer-encoding': 'chunked' };
      const body = JSON.stringify({ client_name: 'x'.repeat(20_000) });
      expect((await call('/registration', { method: 'POST', headers: chunked, body })).status).toBe(413);
    });

    test('leaves requests without a body alone', async () => {
      expect((await echo('/registration')).method).toBe('GET');
    });
  });
}
