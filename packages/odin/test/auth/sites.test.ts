import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Tenant } from '@asgard/heimdall-client';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFixture, modernRequest, type Recorded } from '../fixture.ts';

const ACME = 'http://acme.example/mcp';
const { privateKey, publicKey } = await generateKeyPair('RS256');
const issuerServer = createServer(
  (_, response) =>
    void exportJWK(publicKey).then((jwk) =>
      response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'k', alg: 'RS256' }] })),
    ),
);
let issuer = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => issuerServer.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(issuerServer.address() as AddressInfo).port}`;
});
afterAll(() => void issuerServer.close());

function token(audience: string, organization: string): Promise<string> {
  return new SignJWT({ scope: 'notes', organization: { [organization]: {} } })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'k' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('freya')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey);
}

const tenant = (over: Partial<Tenant> = {}): Tenant => ({
  host: 'acme.example',
  issuer,
  resource: ACME,
  organization: 'acme',
  branding: { name: 'Acme notes' },
  ...over,
});

function serve(tenants: readonly Tenant[] | ((host: string) => Promise<Tenant | undefined>)): Recorded {
  const principal = { peek: () => undefined, verify: () => Promise.reject(new Error('the main verifier was asked')) };
  return createFixture({
    url: 'http://localhost/mcp',
    auth: { issuer: 'http://localhost/i', verifier: principal, tenants },
  });
}

const metadata = (host: string): Request => new Request(`http://${host}/.well-known/oauth-protected-resource/mcp`);

/** Keys come from the issuer's own document address, which these tokens are checked against without discovery. */
describe('sites of tenants', () => {
  it('have a metadata document and a challenge of their own', async () => {
    const { odin } = serve([tenant()]);
    expect(await (await odin.fetch(metadata('acme.example'))).json()).toMatchObject({
      resource: ACME,
      authorization_servers: [issuer],
      resource_name: 'Acme notes',
    });
    expect(await (await odin.fetch(metadata('localhost'))).json()).toMatchObject({
      resource: 'http://localhost/mcp',
      authorization_servers: ['http://localhost/i'],
      resource_name: 'fixture',
    });
    const response = await odin.fetch(modernRequest('tools/list', {}, { url: ACME }));
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer resource_metadata="http://acme.example/.well-known/oauth-protected-resource/mcp"',
    ]);
  });

  it.each(['other.example', 'acme.example.evil.example', 'evil.example:80'])(
    'the host %s is nobody’s',
    async (host) => {
      const { odin, ran } = serve([tenant()]);
      expect((await odin.fetch(metadata(host))).status).toBe(403);
      const forwarded = modernRequest(
        'tools/list',
        {},
        { url: `http://${host}/mcp`, headers: { 'x-forwarded-host': 'acme.example' } },
      );
      expect((await odin.fetch(forwarded)).status).toBe(403);
      expect(ran).toEqual([]);
    },
  );

  it('accept pages of their own origin only', async () => {
    const { odin } = serve([tenant()]);
    const status = async (origin: string) =>
      (await odin.fetch(modernRequest('tools/list', {}, { url: ACME, headers: { origin } }))).status;
    expect([
      await status('http://acme.example'),
      await status('http://globex.example'),
      await status('http://evil.example'),
    ]).toEqual([401, 403, 403]);
  });

  it('are 503 when the directory cannot be asked', async () => {
    const { odin } = serve(() => Promise.reject(new Error('database away')));
    const response = await odin.fetch(modernRequest('tools/list', {}, { url: ACME }));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  });

  it('take tokens of their own audience and organization, and tell handlers whose they are', async () => {
    const discovering = createServer((request, response) => {
      if (request.url?.includes('.well-known')) response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }));
      else
        void exportJWK(publicKey).then((jwk) =>
          response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'k', alg: 'RS256' }] })),
        );
    });
    await new Promise<void>((resolve) => discovering.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(discovering.address() as AddressInfo).port}`;
    const { odin } = serve([
      tenant(),
      tenant({ host: 'globex.example', resource: 'http://globex.example/mcp', organization: 'globex' }),
    ]);
    odin.tool({ name: 'whose' }, ({ tenant: at, principal }) => `${principal?.subject} at ${at?.organization}`);
    const call = async (url: string, bearer: string) => {
      const response = await odin.fetch(
        modernRequest('tools/call', { name: 'whose' }, { url, headers: { authorization: `Bearer ${bearer}` } }),
      );
      return { status: response.status, text: await response.text() };
    };
    const good = await call(ACME, await token(ACME, 'acme'));
    expect(good).toMatchObject({ status: 200, text: expect.stringContaining('freya at acme') });
    expect((await call('http://globex.example/mcp', await token(ACME, 'acme'))).status).toBe(401);
    expect((await call(ACME, await token(ACME, 'globex'))).status).toBe(403);
    discovering.close();
  });
});

describe('topics of tenants', () => {
  it('reach the subscribers of one tenant only', async () => {
    const { odin } = createFixture({ url: 'http://localhost/mcp' });
    const heard: string[] = [];
    const listen = (tenantHost?: string) =>
      odin.parts.bus.subscribe([{ kind: 'tools', ...(tenantHost !== undefined && { tenant: tenantHost }) }], {
        changed: () => heard.push(tenantHost ?? 'main'),
        closed: () => {},
      });
    listen();
    listen('acme.example');
    listen('globex.example');
    await odin.notify.forTenant('acme.example').toolsChanged();
    expect(heard).toEqual(['acme.example']);
    await odin.notify.toolsChanged();
    expect(heard).toEqual(['acme.example', 'main']);
  });
});
