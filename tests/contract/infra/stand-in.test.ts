import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { startBifrost, startHermod } from '@asgard/devstack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toGatewayRoutes } from '../../../packages/asgard/src/infra/gateway-routes.ts';
import { infraRoutes } from '../../../packages/asgard/src/infra/routes.ts';
import { type Service, startService } from '../bifrost/service.ts';
import { exampleSettings } from './settings.ts';

/** The table drives the stand-in gateway; which server answered shows in the header that only the proxy adds. */
describe.each(['hermod', 'bifrost'] as const)('edge: %s', (edge) => {
  const settings = exampleSettings({
    edge,
    registrationsPerMinute: 20,
    tools: { forge: { hold: true }, 'admin_*': { deny: true }, search: { perMinute: 2 } },
  });
  const closers: (() => Promise<void>)[] = [];
  let odin: Service;
  let url = '';

  beforeAll(async () => {
    odin = await startService(0);
    const key = `base64:${randomBytes(32).toString('base64')}`;
    const places = (hermod: string) => ({ odin: odin.url, hermod, heimdall: odin.url });
    if (edge === 'hermod') {
      const routes = toGatewayRoutes(infraRoutes(settings), places('http://127.0.0.1:1'), settings);
      const bifrost = await startBifrost({ routes });
      const hermod = await startHermod({ upstream: bifrost.url, key });
      closers.push(hermod.close, bifrost.close);
      url = hermod.url;
    } else {
      const hermod = await startHermod({ upstream: odin.url, key });
      const routes = toGatewayRoutes(infraRoutes(settings), places(hermod.url), settings);
      const bifrost = await startBifrost({ routes });
      closers.push(bifrost.close, hermod.close);
      url = bifrost.url;
    }
  });
  afterAll(async () => {
    for (const close of closers) await close();
    await odin?.close();
  });

  const passedHermod = async (method: string, headers: Record<string, string> = {}): Promise<boolean> => {
    const response = await fetch(`${url}/mcp`, { method, headers });
    expect(response.status).toBe(200);
    const { headers: seen } = (await response.json()) as { headers: Record<string, string> };
    return seen['grip-sig'] !== undefined;
  };
  const call = (name: string) => ({ 'mcp-method': 'tools/call', 'mcp-name': name });

  test('a quick call passes Hermod only when it is the entrance', async () => {
    expect(await passedHermod('POST', call('stock'))).toBe(edge === 'hermod');
    expect(await passedHermod('POST')).toBe(edge === 'hermod');
  });

  test('what is held passes Hermod in both', async () => {
    expect(await passedHermod('POST', { 'mcp-method': 'subscriptions/listen' })).toBe(true);
    expect(await passedHermod('POST', call('forge'))).toBe(true);
    expect(await passedHermod('GET')).toBe(true);
  });

  test('a denied tool reaches nobody', async () => {
    const response = await fetch(`${url}/mcp`, { method: 'POST', headers: call('admin_drop') });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ id: null, error: { code: -32_003 } });
  });

  test('a limited tool is refused after so many calls of a minute', async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 5; at += 1) {
      statuses.push((await fetch(`${url}/mcp`, { method: 'POST', headers: call('search') })).status);
    }
    expect([statuses[0], statuses.includes(429)]).toEqual([200, true]);
  });

  test('a preflight is answered for the pages of the settings', async () => {
    const headers = { origin: 'http://localhost:6274', 'access-control-request-method': 'POST' };
    const response = await fetch(`${url}/mcp`, { method: 'OPTIONS', headers });
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:6274');
  });

  test('the paths of the servers themselves are not public', async () => {
    expect((await fetch(`${url}/.odin/ready`)).status).toBe(404);
    expect((await fetch(`${url}/.well-known/oauth-protected-resource/mcp`)).status).toBe(200);
    expect((await fetch(`${url}/heimdall/realms/asgard/protocol/x`)).status).toBe(200);
  });

  const issuer = '/heimdall/realms/asgard';
  test.each([
    ['POST', `${issuer}/clients-registrations/default`],
    ['POST', `${issuer}/clients-registrations/install/x`],
    ['POST', `${issuer}/clients-registrations/saml2-entity-descriptor`],
    ['POST', `${issuer}/clients-registrations/openid-connect;x=1`],
    ['POST', `${issuer};x=1/clients-registrations/default`],
    ['POST', `${issuer}/;x=1/clients-registrations/default`],
    ['POST', `${issuer}/protocol/../clients-registrations/default`],
    ['POST', `${issuer}/protocol/%2e%2e/clients-registrations/default`],
    ['POST', `${issuer}/%63lients-registrations/default`],
    ['PUT', `${issuer}/clients-registrations/default/some-client`],
    ['PUT', `${issuer}/clients-registrations/openid-connect`],
    ['PATCH', `${issuer}/clients-registrations/openid-connect/some-client`],
    ['GET', `${issuer}/clients-managements/register-node`],
    ['GET', `${issuer}/authz/protection/uma-policy`],
    ['GET', `${issuer}x/protocol/openid-connect/certs`],
    ['GET', '/heimdall/realms/other/protocol/openid-connect/certs'],
    ['GET', '/heimdall/metrics'],
  ])('%s %s leads nowhere', async (method, path) => {
    expect(await statusOf(`${url}${path}`, method)).toBe(404);
  });

  test('a registration reaches the issuer without what strangers must not say', async () => {
    const seen = await register('', 'POST');
    expect(JSON.parse(seen)).toEqual({ client_name: 'ratatoskr', grant_types: ['authorization_code'] });
    expect(JSON.parse(await register('/some-client', 'PUT'))).toEqual(JSON.parse(seen));
  });

  test('one address may not register without end', async () => {
    const statuses: number[] = [];
    // A minute may end between two of them, so the limit is used up twice at the most.
    for (let at = 0; at < 41; at += 1) {
      const path = `${url}${issuer}/clients-registrations/openid-connect`;
      const authorization = `Bearer x.${btoa(JSON.stringify({ sub: String(at) }))}.x`;
      statuses.push((await fetch(path, { method: 'POST', body: '{}', headers: { authorization } })).status);
    }
    expect(statuses).toContain(429);
  });

  async function register(path: string, method: string): Promise<string> {
    const body = JSON.stringify({
      ...{ client_name: 'ratatoskr', scope: 'notes:read', jwks_uri: 'http://store:6379/' },
      ...{
        grant_types: ['client_credentials', 'authorization_code'],
        attributes: { 'access.token.lifespan': '36000' },
      },
    });
    const response = await fetch(`${url}${issuer}/clients-registrations/openid-connect${path}`, { method, body });
    expect(response.status).toBe(200);
    return ((await response.json()) as { text: string }).text;
  }
});

/** The path as it is: fetch would tidy it. */
function statusOf(url: string, method: string): Promise<number> {
  const { hostname, port } = new URL(url);
  const path = url.slice(url.indexOf('/', 'http://'.length));
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once('error', reject)
      .end();
  });
}
