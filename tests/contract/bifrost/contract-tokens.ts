import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import type { Answer, GatewayClient } from './gateway-client.ts';
import { RESOURCE_METADATA } from './issuer.ts';
import { ALLOWED_ORIGIN, TENANT_HOST } from './routes.ts';

/** Whom the gateway lets through, what it tells the service of them, and what it tells the others. */
export function tokensContract(gateway: GatewayClient): void {
  const { call, echo } = gateway;
  const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
  const expectRefusal = (answer: Answer): void => {
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body)).toMatchObject({ message: 'Unauthorized' });
    expect(answer.headers['www-authenticate']).toContain(`resource_metadata="${RESOURCE_METADATA}"`);
  };

  describe('tokens', () => {
    test('one for this audience passes, and stays on the request', async () => {
      const { token } = gateway.issuer;
      expect((await echo('/guarded', { headers: bearer(token) })).headers.authorization).toBe(`Bearer ${token}`);
    });

    test('who it is for goes to the service in X-Userinfo and X-Credential-Identifier, whatever the client says', async () => {
      const { token } = gateway.issuer;
      const forged = { 'x-userinfo': 'forged', 'x-credential-identifier': 'odin', 'x-id-token': 'forged' };
      const { headers } = await echo('/guarded', { headers: { ...bearer(token), ...forged } });
      const claims = decodeJwt(token);
      const told = JSON.parse(Buffer.from(headers['x-userinfo'] ?? '', 'base64').toString());
      expect(told).toMatchObject({ iss: claims.iss, sub: claims.sub, id: claims.sub, username: 'freya' });
      expect(headers['x-credential-identifier']).toBe('freya');
      expect(headers).not.toHaveProperty('x-id-token');
    });

    test('nobody passes without one, and is told where to get it', async () => {
      const answer = await call('/guarded');
      expectRefusal(answer);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer /);
      expect(answer.headers['www-authenticate']).not.toContain('invalid_token');
    });

    test.each([
      ['for another audience', () => gateway.issuer.foreignToken],
      ['with a changed signature', () => `${gateway.issuer.token.slice(0, -8)}AAAAAAAA`],
      ['with changed claims', () => changed(gateway.issuer.token, { sub: 'odin' })],
      ['without a signature', () => unsigned(gateway.issuer.token)],
      ['that is none', () => 'garbage'],
      ['that is empty', () => ''],
    ])('one %s does not pass', async (_, token) => {
      const answer = await call('/guarded', { headers: bearer(token()) });
      expectRefusal(answer);
      expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
    });

    test('another scheme does not pass', async () => {
      expectRefusal(await call('/guarded', { headers: { authorization: `Basic ${btoa('freya:freya')}` } }));
    });

    test('a preflight needs none, and scripts of an allowed page can read the refusal', async () => {
      const headers = { origin: ALLOWED_ORIGIN, 'access-control-request-method': 'POST' };
      expect((await call('/guarded', { method: 'OPTIONS', headers })).status).toBe(200);
      const refused = await call('/guarded', { headers: { origin: ALLOWED_ORIGIN } });
      expect(refused.status).toBe(401);
      expect(refused.headers['access-control-allow-origin']).toBe(ALLOWED_ORIGIN);
      expect(refused.headers['access-control-expose-headers']).toContain('WWW-Authenticate');
    });
  });

  describe('hosts of tenants', () => {
    test.each([TENANT_HOST, `${TENANT_HOST}:8443`, TENANT_HOST.toUpperCase()])(
      '%s goes to the service, which checks the token itself',
      async (host) => {
        for (const token of [undefined, gateway.issuer.foreignToken]) {
          const headers = { host, ...(token ? bearer(token) : {}), 'x-userinfo': 'forged' };
          const seen = await echo('/guarded', { headers });
          expect(seen.headers).toMatchObject({ host, ...(token ? bearer(token) : {}) });
          expect(seen.headers).not.toHaveProperty('x-userinfo');
        }
      },
    );

    test.each(['other.example', `${TENANT_HOST}.evil.example`, `evil-${TENANT_HOST}`])(
      '%s is none, and gets no way around the check',
      async (host) => {
        expectRefusal(await call('/guarded', { headers: { host } }));
      },
    );
  });
}

function changed(token: string, claims: object): string {
  const [head = '', , signature = ''] = token.split('.');
  return [head, Buffer.from(JSON.stringify({ ...decodeJwt(token), ...claims })).toString('base64url'), signature].join(
    '.',
  );
}

function unsigned(token: string): string {
  const head = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
  return `${head}.${token.split('.')[1]}.`;
}
